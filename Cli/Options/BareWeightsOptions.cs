using System.CommandLine;
using MLClassify.Cli.Output;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Options;

/// <summary>A weight file without a model's description, and what it lacks.</summary>
internal sealed class BareWeightsOptions
{
    private readonly Option<string?> _backbone = OptionFactory.Text("--backbone", "NAME", "The network of --weights. Default: the one that the file's names and shapes are of.");
    private readonly Option<string?> _weights = OptionFactory.Text("--weights", "pretrained|FILE", "A bare weight file, or published weights, instead of a model.", text => WeightSelection.Parse(text));
    private readonly Option<int?> _imageSize = OptionFactory.Integer("--image-size", "The side of what the network of --weights sees. Default: the network's own.");
    private readonly Option<NormalizationKind?> _normalize =
        OptionFactory.Choice<NormalizationKind>("--normalize", "How pixels are normalized for --weights. Default imagenet.");

    public void AddTo(Command command)
    {
        command.Add(_backbone);
        command.Add(_weights);
        command.Add(_imageSize);
        command.Add(_normalize);
        command.Validators.Add(result =>
        {
            bool hasWeights = result.GetResult(_weights) is not null;
            Option? lonely = new Option[] { _backbone, _imageSize, _normalize }.FirstOrDefault(o => result.GetResult(o) is not null);
            if (!hasWeights && lonely is not null)
            {
                result.AddError($"{lonely.Name} needs --weights: a model knows its own");
            }
        });
    }

    /// <summary>Whether a bare weight file was given.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_weights) is not null;

    /// <summary>Makes the classifier.</summary>
    /// <param name="context">Where weights are, and where to write how a download goes.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="labels">The classes' names, as many as the file's head has.</param>
    /// <param name="cancellationToken">Cancels a download.</param>
    public async Task<ImageClassifier> LoadAsync(CliContext context, ParseResult parsed, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        string weights = parsed.GetValue(_weights) ?? throw new UsageException("--backbone needs --weights");
        WeightSelection selection = WeightsText.Read(weights);
        using WeightsCache cache = context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        ResolvedBackbone choice = await DownloadView.RunAsync(
            context, isJson, progress => DefaultBackbone.ChooseAsync(resolver, parsed.GetValue(_backbone), selection, progress, cancellationToken)).ConfigureAwait(false);
        InitialWeights start = choice.Weights ?? throw new UsageException("--weights none: there is nothing to evaluate");
        if (choice.Reason is not null)
        {
            context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean($"no --backbone: {choice.Reason}"));
        }

        if (start.Selection.Kind == WeightKind.Package)
        {
            throw new UsageException($"--weights {start.Selection}: the package's network ends at its features and knows no classes; train a head on them");
        }

        NetworkDefinition definition = NetworkRegistry.Default.Get(choice.Network);
        int size = parsed.GetValue(_imageSize) ?? definition.DefaultInputSize;
        Normalization normalization = parsed.GetValue(_normalize) switch
        {
            NormalizationKind.Half => Normalization.Half,
            NormalizationKind.None => Normalization.None,
            _ => Normalization.ImageNet,
        };
        PreprocessingSpec preprocessing = PreprocessingSpec.ForInput(size, start.ResizeRatioFor(definition)).WithNormalization(normalization);
        return ImageClassification.FromWeights(choice.Network, start, labels, preprocessing, CommonOptions.Compute(parsed));
    }
}
