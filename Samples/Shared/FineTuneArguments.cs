using System.CommandLine;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples;

/// <summary>The options of the samples that fine-tune a network on a folder, and what they mean.</summary>
/// <param name="dataset">The data's name for <c>mlclassify data download</c>.</param>
internal sealed class FineTuneArguments(string dataset)
{
    private readonly Option<string?> _backbone = Arguments.Text(
        "--backbone", "NAME", "The network: resnet50, densenet121, alexnet, ...; 'mlclassify backbones list' has them all.");

    private readonly Option<string?> _weights = Arguments.Text(
        "--weights", "FILE|pretrained|embedded|none", "What it starts from: a file, the published weights, those inside the library, or chance.");

    private readonly Option<string?> _unfreeze = Arguments.Text("--unfreeze", "head|all", "What is trained. Default the head where there are weights, else everything.");
    private readonly Option<int?> _epochs = Arguments.Number<int>("--epochs", "Epochs. Default 30 for the head, else 10.");
    private readonly Option<int?> _batchSize = Arguments.Number<int>("--batch-size", "Images per batch.");
    private readonly Option<double?> _rate = Arguments.Number<double>("--lr", "The head's learning rate.");
    private readonly Option<double?> _backboneRate = Arguments.Number<double>("--backbone-lr", "The backbone's learning rate.");
    private readonly Option<string?> _augment = Arguments.Text("--augment", "POLICY", "The augmentation of training images, where everything is trained.");
    private readonly Option<string?> _classWeights = Arguments.Text("--class-weights", "balanced|CLASS=N,...", "How much an image of each class counts.");
    private readonly Option<int?> _imageSize = Arguments.Number<int>("--image-size", "The side of the network's input in pixels. Default the network's own.");
    private readonly Option<double?> _split = Arguments.Number<double>("--split", "The share of each class that is held out, at random. Default 0.1.");
    private readonly Option<int?> _splitEvery = Arguments.Number<int>("--split-every", "Hold out every N-th file of each class instead, by name.");
    private readonly Option<int?> _images = Arguments.Number<int>("--images-per-class", "At most N images of each class, to try it out. Default all.");
    private readonly Option<long?> _seed = Arguments.Number<long>("--seed", "Seed for random operations. Default 42.");
    private readonly Option<int?> _threads = Arguments.Number<int>("--threads", "Threads that compute. Default all cores.");
    private readonly Option<string?> _out = Arguments.Text("--out", "DIR", $"Where the model and the report go. Default runs/{dataset}.");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _backbone, _weights, _unfreeze, _epochs, _batchSize, _rate, _backboneRate, _augment, _classWeights, _imageSize, _split, _splitEvery, _images, _seed, _threads, _out,
        ];
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

        return parsed.GetValue(_splitEvery) is { } every ? images.HoldOutEveryNth(every)
            : parsed.GetValue(_split) is { } share ? images.Split(share, Seed(parsed))
            : images.Folder is { HasPredefinedSplit: true } ? images.PredefinedSplit()
            : images.Split(seed: Seed(parsed));
    }

    /// <summary>So many images as the command line says, of those to measure on.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="images">The images.</param>
    public ImageDataset Take(ParseResult parsed, ImageDataset images) => parsed.GetValue(_images) is { } perClass ? images.TakePerClass(perClass) : images;

    /// <summary>What to train and how.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="output">Where the choice of a network is said, when neither the command line nor the data makes it.</param>
    /// <param name="network">The network that suits the data; null for the library's choice.</param>
    /// <param name="recipe">How a network, given by name and epochs, is trained from random initialization; null where fine-tuning is better.</param>
    /// <param name="cancellationToken">Cancels a download.</param>
    public async Task<FineTuneOptions> OptionsAsync(
        ParseResult parsed,
        TextWriter output,
        string? network = null,
        Func<string, int?, FineTuneOptions?>? recipe = null,
        CancellationToken cancellationToken = default)
    {
        WeightSelection weights = parsed.GetValue(_weights);
        string? backbone = parsed.GetValue(_backbone) ?? (weights.Kind is WeightKind.Auto or WeightKind.None ? network : null);
        FineTuneOptions options = new FineTuneOptions { Backbone = backbone, Weights = weights };
        if (backbone is not null && weights.Kind is WeightKind.Auto or WeightKind.None && recipe?.Invoke(backbone, parsed.GetValue(_epochs)) is { } fromScratch)
        {
            options = fromScratch;
        }
        else
        {
            using var cache = new WeightsCache();
            ResolvedBackbone choice = await DefaultBackbone.ChooseAsync(new WeightResolver(cache), backbone, weights, cancellationToken: cancellationToken);
            if (choice.Reason is not null)
            {
                await output.WriteLineAsync($"backbone: {choice.Reason}");
            }

            options = options with { Backbone = choice.Network, Weights = choice.Weights?.Selection ?? WeightSelection.None };
        }

        return options with
        {
            TrainableLayers = Part(parsed.GetValue(_unfreeze)) ?? options.TrainableLayers,
            Epochs = parsed.GetValue(_epochs) ?? options.Epochs,
            BatchSize = parsed.GetValue(_batchSize) ?? options.BatchSize,
            LearningRate = parsed.GetValue(_rate) ?? options.LearningRate,
            Optimizer = options.Optimizer with { BackboneLearningRate = parsed.GetValue(_backboneRate) ?? options.Optimizer.BackboneLearningRate },
            Augmentation = parsed.GetValue(_augment) ?? options.Augmentation,
            ClassBalance = options.ClassBalance with { Weights = parsed.GetValue(_classWeights) ?? options.ClassBalance.Weights },
            Input = options.Input with { ImageSize = parsed.GetValue(_imageSize) ?? options.Input.ImageSize },
            Seed = Seed(parsed),
            Compute = options.Compute with { Threads = parsed.GetValue(_threads) ?? options.Compute.Threads },
        };
    }

    /// <summary>The folder for the model and the report, which is made.</summary>
    /// <param name="parsed">The command line.</param>
    public string Out(ParseResult parsed) => Directory.CreateDirectory(parsed.GetValue(_out) ?? Path.Combine("runs", dataset)).FullName;

    private long Seed(ParseResult parsed) => parsed.GetValue(_seed) ?? ImagePipeline.DefaultSeed;

    private static TrainableLayers? Part(string? text) => text switch
    {
        null => null,
        "head" => TrainableLayers.Head,
        "all" => TrainableLayers.All,
        _ => throw new ArgumentException($"--unfreeze: expected head or all, got '{text}'"),
    };
}
