namespace MLClassify.Samples.MLNetPipeline;

/// <summary>What the command line says.</summary>
internal sealed record PipelineOptions
{
    /// <summary>The folder whose subfolders are the classes.</summary>
    public required string Data { get; init; }

    /// <summary><c>fine-tune</c>, <c>alexnet</c> (from scratch), or <c>features</c> (an SDCA of ML.NET's on a backbone's features).</summary>
    public string Trainer { get; init; } = "fine-tune";

    /// <summary>The network; null for the library's choice.</summary>
    public string? Backbone { get; init; }

    /// <summary>What the network starts from.</summary>
    public string? Weights { get; init; }

    /// <summary>Epochs; null for the trainer's own number.</summary>
    public int? Epochs { get; init; }

    /// <summary>The side of the network's input; null for its own.</summary>
    public int? ImageSize { get; init; }

    /// <summary>At most so many images of a class; all when null.</summary>
    public int? ImagesPerClass { get; init; }

    /// <summary>Cross-validation's folds; a single split when 0.</summary>
    public int Folds { get; init; }

    /// <summary>Where the model goes.</summary>
    public string Out { get; init; } = "model.zip";

    /// <summary>Seed for random operations.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Threads that compute; all cores when 0.</summary>
    public int Threads { get; init; }
}
