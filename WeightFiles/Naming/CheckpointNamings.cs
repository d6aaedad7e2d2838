using System.Globalization;
using System.Text.RegularExpressions;

namespace MLClassify.WeightFiles;

/// <summary>The names that other projects give the weights of the registry's networks, by network.</summary>
internal static partial class CheckpointNamings
{
    // MobileNetV2's repetitions of each stage (table 2 of the paper), by which timm numbers the blocks.
    private static readonly int[] MobileNetStages = [1, 2, 3, 4, 3, 3, 1];

    // torchvision's files of 2017, which it still publishes, have the layers' names from before: norm.1 for norm1, conv.2 for conv2.
    private static readonly CheckpointNaming DenseNetBefore2018 =
        new(name => DenseLayerNumber().Replace(name, "$1.$2."));

    // timm makes the hidden layers convolutions, the first over the whole 7x7 map.
    private static readonly CheckpointNaming TimmVgg = new(name => name
        .Replace("classifier.0.", "pre_logits.fc1.", StringComparison.Ordinal)
        .Replace("classifier.3.", "pre_logits.fc2.", StringComparison.Ordinal)
        .Replace("classifier.6.", "head.fc.", StringComparison.Ordinal));

    private static readonly CheckpointNaming TimmMobileNet = new(TimmMobileNetName);

    // Cadene's pretrained-models, and timm's legacy_seresnet50 after it: all shapes are the same, but the stride is in the first 1x1
    // convolution, as in Caffe, and pooling rounds up. The weights would fit and the answers be wrong.
    private static readonly CheckpointNaming CadeneResNet = new(CadeneName)
    {
        Refusal = "these are Cadene's names (legacy_seresnet50 in timm), whose network has its strides elsewhere and would answer wrongly here; "
            + "timm's seresnet50 fits",
    };

    // The same layers under Cadene's names, from a network that strides in its 3x3 convolutions, as this one does, have no layer0.
    private static readonly CheckpointNaming SqueezeModule = new(name => name.Replace(".se.", ".se_module.", StringComparison.Ordinal));

    private static readonly Dictionary<string, IReadOnlyList<CheckpointNaming>> Table = new(StringComparer.OrdinalIgnoreCase)
    {
        ["alexnet_paper"] = CaffeAlexNetWeights.Dialects,
        ["densenet121"] = [DenseNetBefore2018],
        ["densenet169"] = [DenseNetBefore2018],
        ["densenet201"] = [DenseNetBefore2018],
        ["mobilenet_v2"] = [TimmMobileNet],
        ["seresnet50"] = [CadeneResNet, SqueezeModule],
        ["vgg16"] = [TimmVgg],
        ["vgg16_bn"] = [TimmVgg],
    };

    /// <summary>A network's namings, in the order in which they are tried; empty where only torchvision's names are known.</summary>
    /// <param name="network">The network's name in the registry.</param>
    public static IReadOnlyList<CheckpointNaming> Of(string network) => Table.GetValueOrDefault(network) ?? [];

    // features.0 is timm's stem, features.18 its head convolution; between them block B of stage S. A stage-0 block has no expansion, and
    // timm calls its last convolution conv_pw, which in the others is the first.
    private static string TimmMobileNetName(string name)
    {
        string[] parts = name.Split('.');
        string kind = parts[^1];
        int index = parts[0] == "features" ? int.Parse(parts[1], CultureInfo.InvariantCulture) : -1;
        int last = 1 + MobileNetStages.Sum();
        if (index < 0)
        {
            return "classifier." + kind;
        }

        if (index == 0 || index == last)
        {
            bool isNorm = parts[2] == "1";
            return (index == 0 ? (isNorm ? "bn1." : "conv_stem.") : isNorm ? "bn2." : "conv_head.") + kind;
        }

        int stage = 0;
        int block = index - 1;
        while (block >= MobileNetStages[stage])
        {
            block -= MobileNetStages[stage++];
        }

        // conv.I.0 and conv.I.1 are a convolution and its normalization, and so are the last two, conv.I and conv.I+1.
        int module = int.Parse(parts[3], CultureInfo.InvariantCulture);
        int projection = stage == 0 ? 1 : 2;
        bool isBatchNorm = module > projection || (module < projection && parts[4] == "1");
        int layer = Math.Min(module, projection);
        string[] convolutions = stage == 0 ? ["conv_dw", "conv_pw"] : ["conv_pw", "conv_dw", "conv_pwl"];
        string own = isBatchNorm ? FormattableString.Invariant($"bn{layer + 1}") : convolutions[layer];
        return FormattableString.Invariant($"blocks.{stage}.{block}.{own}.{kind}");
    }

    private static string CadeneName(string name)
    {
        string inside = name.Replace(".se.", ".se_module.", StringComparison.Ordinal);
        return inside.StartsWith("conv1.", StringComparison.Ordinal) || inside.StartsWith("bn1.", StringComparison.Ordinal) ? "layer0." + inside
            : inside.StartsWith("fc.", StringComparison.Ordinal) ? "last_linear" + inside["fc".Length..]
            : inside;
    }

    [GeneratedRegex(@"(?<=\.denselayer\d+\.)(norm|conv)([12])\.")]
    private static partial Regex DenseLayerNumber();
}
