using System.CommandLine;

namespace MLClassify.Samples;

/// <summary>The options of the samples that take a network's features as they are.</summary>
/// <param name="dataset">The data's name for <c>mlclassify data download</c>.</param>
internal sealed class FeatureArguments(string dataset) : DataArguments(dataset)
{
    private readonly Option<string?> _backbone = Arguments.Text("--backbone", "NAME", "The network. Default: resnet50, or what can be had of its like.");
    private readonly Option<string?> _weights = Arguments.Text("--weights", "FILE", "Its weights: a file, pretrained, embedded, or package:NAME.");
    private readonly Option<int?> _imageSize = Arguments.Number<int>("--image-size", "The side of the network's input in pixels. Default the network's own.");
    private readonly Option<int?> _threads = Arguments.Number<int>("--threads", "Threads that compute. Default all cores.");

    /// <inheritdoc/>
    public override void AddTo(Command command)
    {
        Option[] options = [_backbone, _weights, _imageSize, _threads];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        base.AddTo(command);
    }

    /// <summary>The network that is named; null for the library's choice.</summary>
    /// <param name="parsed">The command line.</param>
    public string? Backbone(ParseResult parsed) => parsed.GetValue(_backbone);

    /// <summary>Its weights; null where nothing is said.</summary>
    /// <param name="parsed">The command line.</param>
    public string? Weights(ParseResult parsed) => parsed.GetValue(_weights);

    /// <summary>The side of its input in pixels; null for its own.</summary>
    /// <param name="parsed">The command line.</param>
    public int? ImageSize(ParseResult parsed) => parsed.GetValue(_imageSize);

    /// <summary>The threads that compute; 0 for all cores.</summary>
    /// <param name="parsed">The command line.</param>
    public int Threads(ParseResult parsed) => parsed.GetValue(_threads) ?? 0;
}
