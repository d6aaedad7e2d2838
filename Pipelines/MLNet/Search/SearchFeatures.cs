using Microsoft.ML;
using MLClassify.Trainers;

namespace MLClassify.MLNet;

/// <summary>The images of a search: those that have a label and can be read, the same for every trial.</summary>
/// <param name="Label">The label column.</param>
/// <param name="ClassNames">The classes' names.</param>
/// <param name="Labels">Each image's class.</param>
/// <param name="Names">Each image's path, or the number of its row.</param>
internal sealed record SearchImages(LabelColumn Label, IReadOnlyList<string> ClassNames, int[] Labels, string[] Names)
{
    /// <summary>All of them.</summary>
    public int[] All { get; } = [.. Enumerable.Range(0, Labels.Length)];
}

/// <summary>What a network makes of the images of a search, in memory.</summary>
/// <param name="images">The images.</param>
/// <param name="rows">Each image's features.</param>
internal sealed class SearchFeatures(SearchImages images, float[][] rows)
{
    /// <summary>Features of an image.</summary>
    public int Length => rows[0].Length;

    /// <summary>The images.</summary>
    public SearchImages Images => images;

    /// <summary>Each image's class.</summary>
    public int[] Labels => images.Labels;

    /// <summary>Each image's name.</summary>
    public string[] Names => images.Names;

    /// <summary>The classes' names.</summary>
    public IReadOnlyList<string> ClassNames => images.ClassNames;

    /// <summary>What the keys stand for; null where nobody knows.</summary>
    public KeyNames? KeyNames => images.Label.Names?.Names.Count == images.Label.Classes ? images.Label.Names : null;

    /// <summary>Milliseconds that reading and computing an image took.</summary>
    public required double Milliseconds { get; init; }

    /// <summary>The network's multiply-adds for an image.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>An image's features.</summary>
    public ReadOnlySpan<float> this[int image] => rows[image];

    /// <summary>Some images as data for ML.NET's trainers.</summary>
    public IDataView View(int[] chosen) => new FeatureRowsView(this, chosen);

    /// <summary>Some images as data for this library's solver.</summary>
    public FeatureSet Set(int[] chosen)
    {
        var set = new FeatureSet(chosen.Length, Length);
        foreach (int image in chosen)
        {
            set.Add(rows[image], new ImageSample(Names[image], Labels[image]));
        }

        return set;
    }

    /// <summary>Some images as a dataset.</summary>
    public ImageDataset Dataset(int[] chosen) => new(ClassNames, chosen.Select(image => new ImageSample(Names[image], Labels[image])));
}
