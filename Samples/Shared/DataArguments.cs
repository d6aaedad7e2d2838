using System.CommandLine;

namespace MLClassify.Samples;

/// <summary>The options of the samples that train on a folder: which images, what is held out, and where the results go.</summary>
/// <param name="dataset">The data's name for <c>mlclassify data download</c>, and that of the default folder for results.</param>
/// <param name="hasSplit">Whether the command line says what is held out; false where the data does.</param>
internal class DataArguments(string dataset, bool hasSplit = true)
{
    private readonly Option<double?> _split = Arguments.Number<double>("--split", "The share of each class that is held out, at random. Default 0.1.");
    private readonly Option<int?> _splitEvery = Arguments.Number<int>("--split-every", "Hold out every N-th file of each class instead, by name.");
    private readonly Option<int?> _images = Arguments.Number<int>("--images-per-class", "At most N images of each class, to try it out. Default all.");
    private readonly Option<long?> _seed = Arguments.Number<long>("--seed", "Seed for random operations. Default 42.");
    private readonly Option<string?> _out = Arguments.Text("--out", "DIR", $"Where the model and the report go. Default runs/{dataset}.");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public virtual void AddTo(Command command)
    {
        Option[] options = hasSplit ? [_split, _splitEvery, _images, _seed, _out] : [_images, _seed, _out];
        foreach (Option option in options)
        {
            command.Add(option);
        }
    }

    /// <summary>Holds out what the command line says, of so many images as it says.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="images">The images.</param>
    public ImagePipeline Split(ParseResult parsed, ImagePipeline images)
    {
        if (parsed.GetValue(_images) is { } perClass)
        {
            images = images.Take(perClass);
        }

        return Every(parsed) is { } every ? images.HoldOutEveryNth(every)
            : parsed.GetValue(_split) is { } share ? images.Split(share, Seed(parsed))
            : images.Folder is { HasPredefinedSplit: true } ? images.PredefinedSplit()
            : images.Split(seed: Seed(parsed));
    }

    /// <summary>So many images as the command line says, of those to measure on.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="images">The images.</param>
    public ImageDataset Take(ParseResult parsed, ImageDataset images) => parsed.GetValue(_images) is { } perClass ? images.TakePerClass(perClass) : images;

    /// <summary>The folder for the model and the report, which is made.</summary>
    /// <param name="parsed">The command line.</param>
    public string Out(ParseResult parsed) => Directory.CreateDirectory(parsed.GetValue(_out) ?? Path.Combine("runs", dataset)).FullName;

    /// <summary>The seed.</summary>
    /// <param name="parsed">The command line.</param>
    public long Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? ImagePipeline.DefaultSeed;

    /// <summary>The share to hold out.</summary>
    /// <param name="parsed">The command line.</param>
    public double Share(ParseResult parsed) => parsed.GetValue(_split) ?? ImagePipeline.DefaultValidationFraction;

    /// <summary>The step between files that are held out; null for a share.</summary>
    /// <param name="parsed">The command line.</param>
    public int? Every(ParseResult parsed) => parsed.GetValue(_splitEvery);
}
