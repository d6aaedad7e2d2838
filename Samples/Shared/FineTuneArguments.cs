using System.CommandLine;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Samples;

/// <summary>The options of the samples that fine-tune a network on a folder, and what they mean.</summary>
/// <param name="dataset">The data's name for <c>mlclassify data download</c>.</param>
/// <param name="hasSplit">Whether the command line says what is held out.</param>
internal sealed class FineTuneArguments(string dataset, bool hasSplit = true) : DataArguments(dataset, hasSplit)
{
    private readonly Option<string?> _backbone = Arguments.Text(
        "--backbone", "NAME", "The network: resnet50, densenet121, alexnet, ...; 'mlclassify backbones list' has them all.");

    private readonly Option<string?> _weights = Arguments.Text(
        "--weights", "FILE|pretrained|embedded|none", "What it starts from: a file, the published weights, those inside the library, or chance.");

    private readonly Option<string?> _unfreeze = Arguments.Text("--unfreeze", "head|all", "What is trained. Default the head where there are weights, else everything.");
    private readonly Option<int?> _epochs = Arguments.Number<int>("--epochs", "Epochs. Default none for the head alone, which is solved, else 10.");
    private readonly Option<int?> _batchSize = Arguments.Number<int>("--batch-size", "Images per batch.");
    private readonly Option<double?> _rate = Arguments.Number<double>("--lr", "The head's learning rate.");
    private readonly Option<double?> _backboneRate = Arguments.Number<double>("--backbone-lr", "The backbone's learning rate.");
    private readonly Option<string?> _augment = Arguments.Text("--augment", "POLICY", "The augmentation of training images, where everything is trained.");
    private readonly Option<string?> _classWeights = Arguments.Text("--class-weights", "balanced|CLASS=N,...", "How much an image of each class counts.");
    private readonly Option<int?> _imageSize = Arguments.Number<int>("--image-size", "The side of the network's input in pixels. Default the network's own.");
    private readonly Option<int?> _threads = Arguments.Number<int>("--threads", "Threads that compute. Default all cores.");

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public override void AddTo(Command command)
    {
        Option[] options =
        [
            _backbone, _weights, _unfreeze, _epochs, _batchSize, _rate, _backboneRate, _augment, _classWeights, _imageSize, _threads,
        ];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        base.AddTo(command);
    }

    /// <summary>The network that is named; null for none.</summary>
    /// <param name="parsed">The command line.</param>
    public string? Backbone(ParseResult parsed) => parsed.GetValue(_backbone);

    /// <summary>The epochs that are asked for; null for the trainer's own number.</summary>
    /// <param name="parsed">The command line.</param>
    public int? Epochs(ParseResult parsed) => parsed.GetValue(_epochs);

    /// <summary>The threads that compute; 0 for all cores.</summary>
    /// <param name="parsed">The command line.</param>
    public int Threads(ParseResult parsed) => parsed.GetValue(_threads) ?? 0;

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

    private static TrainableLayers? Part(string? text) => text switch
    {
        null => null,
        "head" => TrainableLayers.Head,
        "all" => TrainableLayers.All,
        _ => throw new ArgumentException($"--unfreeze: expected head or all, got '{text}'"),
    };
}
