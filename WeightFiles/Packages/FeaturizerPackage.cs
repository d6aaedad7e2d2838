namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// A NuGet package with a pretrained network as ONNX and, beside it, a model that prepares images for it. In the package both lie below
/// <c>tools/DnnImageModels</c>; a program that references the package gets <c>DnnImageModels</c> beside its executable.
/// </summary>
/// <param name="Id">The package.</param>
/// <param name="Name">The network's name in the package: <c>ResNet18Onnx/ResNet18.onnx</c>.</param>
/// <param name="Preparation">The preparing model's name: <c>ResNetPrepOnnx/ResNetPreprocess.onnx</c>.</param>
/// <param name="Network">The network of the registry whose structure it must have.</param>
/// <param name="Megabytes">The size of what is fetched, where it is known.</param>
internal sealed record FeaturizerPackage(string Id, string Name, string Preparation, string Network, int? Megabytes = null)
{
    /// <summary>The version that is restored where none is named: one, so that everybody gets the same weights.</summary>
    public const string DefaultVersion = "0.23.1";

    /// <summary>The folder of the files, beside a program and in a package's <c>tools</c>.</summary>
    public const string Folder = "DnnImageModels";

    private const string Prefix = "Microsoft.ML.DnnImageFeaturizer.";

    /// <summary>All known packages, the preferred one first. No other is ever looked for, so that a misspelled name fetches nothing.</summary>
    public static IReadOnlyList<FeaturizerPackage> All { get; } =
    [
        new(Prefix + "ResNet18", "ResNet18", "ResNet", "resnet18_cntk", Megabytes: 59),
        new(Prefix + "ResNet50", "ResNet50", "ResNet", "resnet50"),
        new(Prefix + "ResNet101", "ResNet101", "ResNet", "resnet101"),
        new(Prefix + "AlexNet", "AlexNet", "AlexNet", "alexnet_paper"),
    ];

    /// <summary>The network's file, below the folder.</summary>
    public string ModelFile => Path.Combine(Name + "Onnx", Name + ".onnx");

    /// <summary>The preparing model's file, below the folder.</summary>
    public string PreparationFile => Path.Combine(Preparation + "PrepOnnx", Preparation + "Preprocess.onnx");
}

/// <summary>A package's files on this machine.</summary>
/// <param name="Package">The package.</param>
/// <param name="Version">Its version; null where the files lie beside the program, which do not tell it.</param>
/// <param name="Model">The network's file.</param>
/// <param name="Preparation">The preparing model's file.</param>
internal sealed record PackageFiles(FeaturizerPackage Package, string? Version, string Model, string Preparation);
