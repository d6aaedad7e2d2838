using System.CommandLine;
using MLClassify.Cli.Output;
using MLClassify.Networks;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Options;

/// <summary>A weight file without a model's description, and what it lacks.</summary>
internal sealed class BareWeightsOptions
{
    private readonly Option<string?> _backbone = OptionFactory.Text("--backbone", "NAME", "The network of --weights.");
    private readonly Option<string?> _weights = OptionFactory.Text("--weights", "pretrained|FILE", "A bare weight file, or published weights, instead of a model.");
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
            else if (hasWeights && result.GetResult(_backbone) is null)
            {
                result.AddError("--weights needs --backbone");
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
        string backbone = parsed.GetValue(_backbone) ?? throw new UsageException("--weights needs --backbone");
        string weights = parsed.GetValue(_weights) ?? throw new UsageException("--backbone needs --weights");
        NetworkDefinition definition = NetworkRegistry.Default.Get(backbone);
        using WeightsCache cache = context.OpenWeights(parsed.GetValue(CommonOptions.Offline));
        var resolver = new WeightResolver(cache);
        InitialWeights start = await DownloadView.RunAsync(
            context, parsed.GetValue(CommonOptions.Json), progress => resolver.ResolveAsync(backbone, weights, progress, cancellationToken)).ConfigureAwait(false)
            ?? throw new UsageException("--weights none: there is nothing to evaluate");
        int size = parsed.GetValue(_imageSize) ?? definition.DefaultInputSize;
        Normalization normalization = parsed.GetValue(_normalize) switch
        {
            NormalizationKind.Half => Normalization.Half,
            NormalizationKind.None => Normalization.None,
            _ => Normalization.ImageNet,
        };
        PreprocessingSpec preprocessing = PreprocessingSpec.ForInput(size, start.ResizeRatioFor(definition)).WithNormalization(normalization);
        return ImageClassification.FromWeights(backbone, start, labels, preprocessing, parsed.GetValue(CommonOptions.Threads) ?? 0);
    }
}
