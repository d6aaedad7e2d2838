using System.Globalization;
using MLClassify.Graphs;

namespace MLClassify.Benchmarks.Convolutions;

/// <summary>
/// A list of convolutions as text: a line of column names (the sizes, then a column for each network), then a convolution a line.
/// Columns stand apart by spaces; <c>#</c> begins a comment.
/// </summary>
/// <param name="Networks">The networks that the counts are of.</param>
/// <param name="Shapes">The convolutions.</param>
internal sealed record ShapeFile(IReadOnlyList<string> Networks, IReadOnlyList<ConvolutionShape> Shapes)
{
    private const string Resource = "shapes.txt";

    private static readonly string[] SizeColumns = ["label", "height", "width", "inputs", "outputs", "kernel", "stride", "padding", "groups"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or null for the list that comes with this program.</param>
    /// <exception cref="InvalidDataException">A line is not as it should be; the message names it.</exception>
    public static ShapeFile Read(string? path)
    {
        using TextReader reader = path is null
            ? new StreamReader(typeof(ShapeFile).Assembly.GetManifestResourceStream(Resource)!)
            : File.OpenText(path);
        return Parse(reader.ReadToEnd(), path ?? Resource);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The lines.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">A line is not as it should be; the message names it.</exception>
    public static ShapeFile Parse(string text, string name)
    {
        string[]? networks = null;
        var shapes = new List<ConvolutionShape>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string[] cells = lines[i].Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            string place = FormattableString.Invariant($"{name}:{i + 1}");
            if (cells.Length == 0)
            {
                continue;
            }

            if (networks is null)
            {
                networks = cells.Take(SizeColumns.Length).SequenceEqual(SizeColumns)
                    ? cells[SizeColumns.Length..]
                    : throw new InvalidDataException($"{place}: expected the columns '{string.Join(' ', SizeColumns)}', then networks");
            }
            else
            {
                shapes.Add(Shape(cells, networks.Length, place));
            }
        }

        return shapes.Count > 0 ? new ShapeFile(networks!, shapes) : throw new InvalidDataException($"{name}: no convolution in it");
    }

    private static ConvolutionShape Shape(string[] cells, int networks, string place)
    {
        int columns = SizeColumns.Length + networks;
        if (cells.Length != columns)
        {
            throw new InvalidDataException(FormattableString.Invariant($"{place}: expected {columns} columns, got {cells.Length}"));
        }

        int[] numbers = [.. cells.Skip(1).Select(cell => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidDataException($"{place}: expected a whole number, got '{cell}'"))];
        if (numbers is not [> 0 and var height, > 0 and var width, > 0 and var inputs, > 0 and var outputs, > 0 and var kernel, > 0 and var stride, var padding, > 0 and var groups, .. var counts])
        {
            throw new InvalidDataException($"{place}: every size but the padding is at least 1");
        }

        if (Math.Min(height, width) + (2 * padding) < kernel || inputs % groups != 0 || outputs % groups != 0)
        {
            throw new InvalidDataException($"{place}: the filter is larger than the padded input, or the groups do not divide the channels");
        }

        return new ConvolutionShape(cells[0], height, width, inputs, outputs, kernel, stride, padding, groups, counts);
    }
}
