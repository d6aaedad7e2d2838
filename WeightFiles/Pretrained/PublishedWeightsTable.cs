using System.Collections.Frozen;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>The weights that are published for the networks of the registry.</summary>
/// <remarks>
/// Names, figures and sizes are those of torchvision's own tables (github.com/pytorch/vision, <c>torchvision/models/*.py</c>, the classes
/// named <c>..._Weights</c>; names and accuracies of 0.14, sizes of 0.15). Where there are two versions, the first is the default although the
/// second classifies ImageNet better: it goes with the preprocessing of all other files (short side 256, not 232), and it is the safer start
/// for what is done with it here, a new head on frozen features. The second owes its accuracy to label smoothing, mixed images and long
/// training, and such losses give features that separate other classes less well (Kornblith et al. 2021, arXiv:2010.16402).
/// </remarks>
public sealed class PublishedWeightsTable
{
    private readonly PublishedWeights[] _rows;

    /// <summary>Makes a table.</summary>
    /// <param name="rows">Its rows; one of each network is the default.</param>
    /// <param name="unpublished">Networks without a file, and why.</param>
    /// <exception cref="ArgumentException">A file's name is not plain or does not end in a hash, or a network has not one default.</exception>
    public PublishedWeightsTable(IEnumerable<PublishedWeights> rows, IReadOnlyDictionary<string, string>? unpublished = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _rows = [.. rows];
        Unpublished = unpublished ?? FrozenDictionary<string, string>.Empty;
        foreach (PublishedWeights row in _rows)
        {
            if (!Common.FileNames.IsPlain(row.FileName) || Path.GetFileNameWithoutExtension(row.FileName).Length <= 8 || !Common.Sha256.IsPrefix(row.Sha256))
            {
                throw new ArgumentException($"'{row.FileName}' is not a plain name that ends in a hash.", nameof(rows));
            }
        }

        if (_rows.GroupBy(r => r.Network, StringComparer.Ordinal).FirstOrDefault(g => g.Count(r => r.IsDefault) != 1) is { } group)
        {
            throw new ArgumentException($"'{group.Key}' must have one default file.", nameof(rows));
        }
    }

    /// <summary>torchvision's files for the networks of this library.</summary>
    public static PublishedWeightsTable Default { get; } = new(
        [
            new("alexnet", "v1", "alexnet-owt-7be5be79.pth", 0.56522, 233.087),
            new("densenet121", "v1", "densenet121-a639ec97.pth", 0.74434, 30.845),
            new("densenet169", "v1", "densenet169-b2777c0a.pth", 0.75600, 54.708),
            new("densenet201", "v1", "densenet201-c1103571.pth", 0.76896, 77.373),
            new("mobilenet_v2", "v1", "mobilenet_v2-b0353104.pth", 0.71878, 13.555),
            new("mobilenet_v2", "v2", "mobilenet_v2-7ebf99e0.pth", 0.72154, 13.598, ResizeSize: 232, IsDefault: false),
            new("resnet101", "v1", "resnet101-63fe2227.pth", 0.77374, 170.511),
            new("resnet101", "v2", "resnet101-cd907fc2.pth", 0.81886, 170.530, ResizeSize: 232, IsDefault: false),
            new("resnet152", "v1", "resnet152-394f9c45.pth", 0.78312, 230.434),
            new("resnet152", "v2", "resnet152-f82ba261.pth", 0.82284, 230.474, ResizeSize: 232, IsDefault: false),
            new("resnet18", "v1", "resnet18-f37072fd.pth", 0.69758, 44.661),
            new("resnet34", "v1", "resnet34-b627a593.pth", 0.73314, 83.275),
            new("resnet50", "v1", "resnet50-0676ba61.pth", 0.76130, 97.781),
            new("resnet50", "v2", "resnet50-11ad3fa6.pth", 0.80858, 97.790, ResizeSize: 232, IsDefault: false),
            new("squeezenet1_1", "v1", "squeezenet1_1-b8a52dc0.pth", 0.58178, 4.729),
            new("vgg16", "v1", "vgg16-397923af.pth", 0.71592, 527.796),
            new("vgg16_bn", "v1", "vgg16_bn-6c64b313.pth", 0.73360, 527.866),
        ],
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alexnet_half"] = "half of AlexNet's width is a network of this library",
            ["alexnet_paper"] = "torchvision has the single-column AlexNet only, which is 'alexnet' here",
            ["cifar_resnet20"] = "torchvision has no networks for CIFAR",
            ["cifar_resnet56"] = "torchvision has no networks for CIFAR",
            ["resnet16_half"] = "its weights were inside version 0.1; those inside this library are of 'resnet20_half': select 'embedded'",
            ["resnet20_half"] = "its weights are inside this library: select 'embedded'",
            ["resnet18_cntk"] = "its weights are in a NuGet package: select 'package:Microsoft.ML.DnnImageFeaturizer.ResNet18'",
            ["seresnet50"] = "torchvision has no networks with squeeze-and-excitation of this kind",
            ["vgg16_cifar"] = "torchvision has no networks for CIFAR",
        }.ToFrozenDictionary(StringComparer.Ordinal));

    /// <summary>All rows, by network.</summary>
    public IReadOnlyList<PublishedWeights> Rows => _rows;

    /// <summary>Networks of the library for which nothing is published, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Unpublished { get; }

    /// <summary>A network's files, the default first.</summary>
    /// <param name="network">The network's name in the registry.</param>
    public IReadOnlyList<PublishedWeights> Of(string network) =>
        [.. _rows.Where(r => r.Network.Equals(network, StringComparison.OrdinalIgnoreCase)).OrderByDescending(r => r.IsDefault)];

    /// <summary>A network's default file; null where nothing is published.</summary>
    /// <param name="network">The network's name in the registry.</param>
    public PublishedWeights? DefaultOf(string network) => Of(network) is [var first, ..] ? first : null;

    /// <summary>The row of a file with this SHA-256; null where it is none of these.</summary>
    /// <param name="sha256">64 hex digits.</param>
    public PublishedWeights? ByHash(string sha256) => Array.Find(_rows, r => Common.Sha256.Matches(sha256, r.Sha256));
}
