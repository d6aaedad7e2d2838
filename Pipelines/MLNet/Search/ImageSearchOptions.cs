using Microsoft.ML;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>What a search over networks and trainers tries, how long, and what it measures by.</summary>
public sealed record ImageSearchOptions
{
    /// <summary>The column with the classes: a key, as <c>MapValueToKey</c> makes it. Rows without a value are left out. Default <c>Label</c>.</summary>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the images: paths as text, image files' content as a vector of Byte, or <c>MLImage</c>. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>
    /// The networks whose features are tried, in this order; their columns and <see cref="ExtractImageFeaturesOptions.Unreadable"/> are without
    /// effect. Weights of a network that is named here are fetched where they are not on this machine, and the log says so. Default null: every
    /// network whose weights are here (published, imported, a featurizer package's, the embedded ones), the cheapest first; nothing is fetched.
    /// </summary>
    public IReadOnlyList<ExtractImageFeaturesOptions>? Backbones { get; init; }

    /// <summary>
    /// Trainers, by name, that are tried beside this library's solved head (<c>head</c>) and ML.NET's <c>L-BFGS</c> and <c>SDCA</c>; one of these
    /// names takes that one's place. They read the columns <c>Features</c> (a vector of Single) and <c>Label</c> (a key) and write
    /// <c>PredictedLabel</c> and <c>Score</c>; a trainer that throws is listed as failed. Default none.
    /// </summary>
    public IReadOnlyDictionary<string, IEstimator<ITransformer>> Trainers { get; init; } = new Dictionary<string, IEstimator<ITransformer>>();

    /// <summary>
    /// Folds in which every image is measured once, by models of the other folds: narrower intervals for more trainings, while features are
    /// computed once all the same. 0 for one held-out part, see <see cref="ValidationFraction"/>; else 2 to 100. Default null: 5 below 2,000
    /// images, else 0.
    /// </summary>
    public int? Folds { get; init; }

    /// <summary>The share of each class that trials are measured on where there are no folds. Default 0.2; above 0, below 1.</summary>
    public double ValidationFraction { get; init; } = 0.2;

    /// <summary>
    /// Images that no trial is trained on or chosen by, with the same columns, for a figure of the best model that is not too good; its classes
    /// are matched by name. Default null: none, or see <see cref="TestFraction"/>.
    /// </summary>
    public IDataView? TestSet { get; init; }

    /// <summary>The share of each class that is set aside as <see cref="TestSet"/>. Default 0, none; below 1.</summary>
    public double TestFraction { get; init; }

    /// <summary>
    /// The time after which no trial is begun. One that is under way is finished, and one at least is, also with a budget of zero; training the best
    /// model on all images, and measuring it on the test set, come on top. Default null: no limit; at least zero.
    /// </summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>What the best model makes of images that cannot be read. In the search they are left out of every trial. Default <see cref="UnreadableImages.Missing"/>.</summary>
    public UnreadableImages Unreadable { get; init; }

    /// <summary>Finds pretrained weights, where an entry of <see cref="Backbones"/> has no resolver of its own. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>
    /// Ends the search between images and between trainings. Where a trial was finished, the best so far is the result; else the search throws an
    /// <see cref="OperationCanceledException"/>. Default: never.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>The clock for the budget and the times in the table.</summary>
    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range.</exception>
    /// <exception cref="FileNotFoundException">A file with weights is not there.</exception>
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ImageColumnName);
        if (Backbones is { Count: 0 })
        {
            throw new ArgumentException($"{nameof(Backbones)} is empty; leave it out for the networks whose weights are here.");
        }

        foreach (ExtractImageFeaturesOptions backbone in Backbones ?? [])
        {
            BackboneLoader.Validate(backbone);
            foreach (string file in new[] { backbone.Weights.Kind == WeightKind.File ? backbone.Weights.Value : null, backbone.Model }.OfType<string>())
            {
                // Found out when its turn comes, it would be found out never where the budget is spent before.
                if (!File.Exists(file))
                {
                    throw new FileNotFoundException($"{file}: there is no such file, which {nameof(Backbones)} names.", file);
                }
            }
        }

        if (Trainers.FirstOrDefault(entry => string.IsNullOrWhiteSpace(entry.Key) || entry.Value is null) is { Key: not null } wrong)
        {
            throw new ArgumentException($"{nameof(Trainers)}: the name '{wrong.Key}' is empty or stands for nothing.");
        }

        Check(Folds is null or 0 or (>= 2 and <= 100), nameof(Folds), $"{Folds}", "0, or 2 to 100");
        Check(ValidationFraction is > 0 and < 1, nameof(ValidationFraction), $"{ValidationFraction}", "above 0 and below 1");
        Check(TestFraction is >= 0 and < 1, nameof(TestFraction), $"{TestFraction}", "at least 0 and below 1");
        Check(Budget is null || Budget >= TimeSpan.Zero, nameof(Budget), $"{Budget}", "at least zero");
        if (TestSet is not null && TestFraction > 0)
        {
            throw new ArgumentException($"There is a {nameof(TestSet)}: leave out {nameof(TestFraction)}.");
        }
    }

    private static void Check(bool isRight, string name, FormattableString value, string range)
    {
        if (!isRight)
        {
            throw new ArgumentException($"{name} is {FormattableString.Invariant(value)}; it must be {range}.");
        }
    }
}
