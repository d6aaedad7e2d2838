using System.Globalization;
using MLClassify.Imaging;

namespace MLClassify.Cli.Commands;

/// <summary>An image to explain, and where its explanation goes.</summary>
/// <param name="Image">The image.</param>
/// <param name="Output">The file to write.</param>
internal sealed record ExplainedFile(string Image, string Output)
{
    private const string Suffix = ".explain.png";
    private const string DefaultFolder = "explanations";

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg"];

    /// <summary>Finds the images and names the files: one beside the caller, several in a folder, as they lie in theirs.</summary>
    /// <param name="arguments">Images, and folders of them; what an earlier call left in a folder is no image.</param>
    /// <param name="output">A file or a folder; the usual names when null.</param>
    /// <exception cref="UsageException">The output fits neither, or would replace an image.</exception>
    /// <exception cref="FileNotFoundException">An argument is neither a file nor a folder.</exception>
    public static IReadOnlyList<ExplainedFile> Plan(IReadOnlyList<string> arguments, string? output)
    {
        (string Image, string Name)[] images = [.. arguments.SelectMany(Find)];
        bool isFolder = images.Length != 1 || Directory.Exists(arguments[0])
            || (output is not null && (Directory.Exists(output) || Path.EndsInDirectorySeparator(output)));
        bool hasExtension = output is not null && Extensions.Contains(Path.GetExtension(output), StringComparer.OrdinalIgnoreCase);
        if (!isFolder)
        {
            if (output is not null && !hasExtension)
            {
                throw new UsageException($"--out: expected a .png or .jpg file, or a folder that exists, got '{output}'");
            }

            return [Checked(images[0].Image, output ?? Path.GetFileName(images[0].Name))];
        }

        if (hasExtension && !Directory.Exists(output))
        {
            throw new UsageException($"--out: several images need a folder, got '{output}'");
        }

        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. images.Select(p => Checked(p.Image, Path.Combine(output ?? DefaultFolder, Free(p.Name, taken))))];
    }

    private static IEnumerable<(string Image, string Name)> Find(string path) => Directory.Exists(path)
        ? ImageFiles.Find(path)
            .Where(file => !file.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase))
            .Select(file => (file, Path.ChangeExtension(Path.GetRelativePath(path, file), null) + Suffix))
        : ImageFiles.Find(path).Select(file => (file, Path.GetFileNameWithoutExtension(file) + Suffix));

    private static ExplainedFile Checked(string image, string output) => Path.GetFullPath(image) != Path.GetFullPath(output)
        ? new ExplainedFile(image, output)
        : throw new UsageException($"--out: '{output}' would replace the image");

    private static string Free(string name, HashSet<string> taken)
    {
        string free = name;
        for (int number = 2; !taken.Add(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name[..^Suffix.Length]}-{number}{Suffix}");
        }

        return free;
    }
}
