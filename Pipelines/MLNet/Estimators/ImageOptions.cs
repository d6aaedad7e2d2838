using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>The columns of a model that was trained elsewhere.</summary>
public sealed record ApplyImageClassifierOptions
{
    /// <summary>The column with the images: paths as text, image files' content as a vector of Byte, or <c>MLImage</c>. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The column for the probabilities. Default <c>Score</c>.</summary>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>The column for the likeliest class. Default <c>PredictedLabel</c>.</summary>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>How an image becomes the input of an ONNX file that does not say it. Default null: as the file says, or ImageNet's. Only with a path of an ONNX file.</summary>
    public PreprocessingSpec? Preprocessing { get; init; }

    /// <summary>What comes of images that cannot be read. Default <see cref="UnreadableImages.Missing"/>.</summary>
    public UnreadableImages Unreadable { get; init; }

    /// <summary>What computes. Default: a graphics card where there is one and its library, else the managed engine.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Threads that compute: a short form of <see cref="ComputeOptions.Threads"/> in <see cref="Compute"/>. Default 0; 0 to 1,024.</summary>
    public int Threads
    {
        get => Compute.Threads;
        init => Compute = Compute with { Threads = value };
    }

    internal ClassifierColumns Columns => new(ImageColumnName, PredictedLabelColumnName, ScoreColumnName, Unreadable);
}

/// <summary>How images become vectors of normalized pixels.</summary>
public sealed record NormalizeImageNetOptions
{
    /// <summary>The column with the images: paths as text, image files' content as a vector of Byte, or <c>MLImage</c>. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The column for the pixels. Default <c>Pixels</c>.</summary>
    public string OutputColumnName { get; init; } = "Pixels";

    /// <summary>The order of the numbers. Default <see cref="PixelLayout.HeightWidthChannels"/>.</summary>
    public PixelLayout Layout { get; init; }

    /// <summary>
    /// The preprocessing. Default <see cref="PreprocessingSpec.ImageNet"/>: short side to 256, central 224 x 224, divided by 255,
    /// minus ImageNet's mean, over its standard deviation.
    /// </summary>
    public PreprocessingSpec Preprocessing { get; init; } = PreprocessingSpec.ImageNet();

    /// <summary>What comes of images that cannot be read. Default <see cref="UnreadableImages.Missing"/>: all NaN.</summary>
    public UnreadableImages Unreadable { get; init; }
}

/// <summary>How images become features.</summary>
public sealed record ExtractImageFeaturesOptions
{
    /// <summary>The column with the images: paths as text, image files' content as a vector of Byte, or <c>MLImage</c>. Default <c>ImagePath</c>.</summary>
    public string ImageColumnName { get; init; } = "ImagePath";

    /// <summary>The column for the features. Default <c>Features</c>, which is where ML.NET's trainers look.</summary>
    public string OutputColumnName { get; init; } = "Features";

    /// <summary>
    /// The network's name in the registry. Default null: ResNet-50 with its published weights, which are fetched once, or the network inside
    /// the library where these cannot be had.
    /// </summary>
    public string? Backbone { get; init; }

    /// <summary>
    /// The network's weights: what <see cref="WeightSelection"/> reads; those of chance are of little use. Default
    /// <see cref="WeightSelection.Pretrained"/>; without effect where no <see cref="Backbone"/> is named.
    /// </summary>
    public WeightSelection Weights { get; init; } = WeightSelection.Auto;

    /// <summary>A trained model (safetensors or ONNX) whose features are wanted, in place of <see cref="Backbone"/>. Default null.</summary>
    public string? Model { get; init; }

    /// <summary>The side of the square that the network sees, in pixels. Default null: the network's own; 8 to 4,096; not with <see cref="Model"/>.</summary>
    public int? ImageSize { get; init; }

    /// <summary>
    /// How an image becomes the network's input. Default null: as the weights were made, which is ImageNet's normalization, but for
    /// packages' weights. Not with <see cref="Model"/>.
    /// </summary>
    public PreprocessingSpec? Preprocessing { get; init; }

    /// <summary>Finds pretrained weights. Default null: in the cache that the environment describes.</summary>
    public WeightResolver? Resolver { get; init; }

    /// <summary>What comes of images that cannot be read. Default <see cref="UnreadableImages.Missing"/>: all NaN.</summary>
    public UnreadableImages Unreadable { get; init; }

    /// <summary>What computes. Default: a graphics card where there is one and its library, else the managed engine.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Threads that compute: a short form of <see cref="ComputeOptions.Threads"/> in <see cref="Compute"/>. Default 0; 0 to 1,024.</summary>
    public int Threads
    {
        get => Compute.Threads;
        init => Compute = Compute with { Threads = value };
    }
}
