using System.Globalization;
using MLClassify.Common;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary><c>results.csv</c>: a row an epoch, <c>epoch,time,train_loss,train_accuracy,val_loss,val_accuracy,lr</c>.</summary>
/// <remarks>
/// Numbers are written so that they read back as the same bits (times to the millisecond); <c>nan</c> and <c>inf</c> are numbers, an empty
/// validation field says that there was no validation.
/// </remarks>
internal static class ResultsFile
{
    private const long LargestFile = 64 << 20;

    private static readonly string[] Columns = ["epoch", "time", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr"];

    /// <summary>Writes all rows.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="results">The epochs in ascending order.</param>
    /// <exception cref="ArgumentException">The epochs do not ascend.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, IReadOnlyList<EpochResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        for (int i = 1; i < results.Count; i++)
        {
            if (results[i].Epoch <= results[i - 1].Epoch)
            {
                string order = string.Create(CultureInfo.InvariantCulture, $"epoch {results[i].Epoch} follows epoch {results[i - 1].Epoch}");
                throw new ArgumentException(order, nameof(results));
            }
        }

        var csv = new Csv();
        csv.Row(Columns);
        foreach (EpochResult result in results)
        {
            csv.Number(result.Epoch);
            csv.Number(result.Time, "0.###");
            csv.Number(result.TrainLoss);
            csv.Number(result.TrainAccuracy);
            csv.Number(result.ValLoss);
            csv.Number(result.ValAccuracy);
            csv.Number(result.LearningRate);
            csv.EndRow();
        }

        AtomicFile.WriteAllText(path, csv.ToString());
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The content is not a results file; the message names file, row, what was found and expected.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<EpochResult> Read(string path)
    {
        IReadOnlyList<string[]> rows;
        try
        {
            rows = Csv.Parse(BoundedText.Read(path, LargestFile));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }

        if (rows.Count == 0 || !rows[0].AsSpan().SequenceEqual(Columns))
        {
            string found = rows.Count == 0 ? "nothing" : DisplayText.Shorten(DisplayText.Clean(string.Join(',', rows[0])), 80);
            throw new InvalidDataException($"{path}: found the header '{found}', expected '{string.Join(',', Columns)}'");
        }

        var results = new List<EpochResult>(rows.Count - 1);
        for (int i = 1; i < rows.Count; i++)
        {
            EpochResult result = new Row(path, i, rows[i]).Parse();
            if (results.Count > 0 && result.Epoch <= results[^1].Epoch)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}: row {i}: epoch {result.Epoch} follows epoch {results[^1].Epoch}"));
            }

            results.Add(result);
        }

        return results;
    }

    private readonly record struct Row(string Path, int Index, string[] Fields)
    {
        public EpochResult Parse()
        {
            if (Fields.Length != Columns.Length)
            {
                throw Error(string.Create(CultureInfo.InvariantCulture, $"found {Fields.Length} fields, expected {Columns.Length}"));
            }

            if (!int.TryParse(Fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out int epoch))
            {
                throw Error($"found the epoch '{Shown(0)}', expected a whole number");
            }

            return new EpochResult(epoch, Required(1), Required(2), Required(3), Optional(4), Optional(5), Required(6));
        }

        private double Required(int column) => Optional(column) ?? throw Error($"{Columns[column]} is empty");

        private double? Optional(int column) => Fields[column] switch
        {
            "" => null,
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            _ when double.TryParse(Fields[column], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) => value,
            _ => throw Error($"found '{Shown(column)}' as {Columns[column]}, expected a number"),
        };

        private string Shown(int column) => DisplayText.Shorten(DisplayText.Clean(Fields[column]), 40);

        private InvalidDataException Error(string problem) =>
            new(string.Create(CultureInfo.InvariantCulture, $"{Path}: row {Index}: {problem}"));
    }
}
