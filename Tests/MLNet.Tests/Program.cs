using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

/// <summary>What a program that has never heard of this library does: loads a model and prints what it says about images.</summary>
internal static class Program
{
    /// <summary>Arguments: a model file, then paths of images.</summary>
    public static int Main(string[] arguments)
    {
        var context = new MLContext();
        try
        {
            ITransformer model = context.Model.Load(arguments[0], out _);
            Print(model.Transform(context.Data.LoadFromEnumerable(arguments[1..].Select(path => new LabeledRow { ImagePath = path }))));
            return 0;
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            return 1;
        }
    }

    private static void Print(IDataView scored)
    {
        foreach (string line in Lines(scored))
        {
            Console.WriteLine(line);
        }
    }

    /// <summary>A line a row: the predicted label's name and the scores.</summary>
    public static IEnumerable<string> Lines(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        string[] labels = [.. names.DenseValues().Select(n => n.ToString())];
        VBuffer<ReadOnlyMemory<char>> slots = default;
        scored.Schema["Score"].GetSlotNames(ref slots);
        return scored.GetColumn<uint>("PredictedLabel").Zip(
            scored.GetColumn<float[]>("Score"),
            (key, scores) => FormattableString.Invariant($"{(key == 0 ? "?" : labels[key - 1])} {string.Join(' ', slots.DenseValues().Zip(scores, (n, s) => FormattableString.Invariant($"{n}={s:R}")))}"));
    }
}
