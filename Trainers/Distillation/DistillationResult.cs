using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>The result of a distillation: a backbone trained on its teachers' features. Owns its parameters and their engine.</summary>
public sealed class DistillationResult : IDisposable
{
    private readonly Engine _engine;

    internal DistillationResult(Graph backbone, ParameterStore parameters, Engine engine) => (Backbone, Parameters, _engine) = (backbone, parameters, engine);

    /// <summary>The backbone, <c>[N, H, W, 3]</c> to pooled features.</summary>
    internal Graph Backbone { get; }

    /// <summary>Its values, under the names that weight files have.</summary>
    internal ParameterStore Parameters { get; }

    /// <summary>How an image becomes its input.</summary>
    public required PreprocessingSpec Preprocessing { get; init; }

    /// <summary>The settings.</summary>
    public required DistillationOptions Options { get; init; }

    /// <summary>Every finished epoch.</summary>
    public required IReadOnlyList<DistillationEpoch> Epochs { get; init; }

    /// <summary>Files that could not be read.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    /// <summary>Whether the run was canceled.</summary>
    public required bool IsCanceled { get; init; }

    /// <summary>
    /// Writes a weight file (safetensors) for <see cref="FineTuneOptions.Weights"/>. Convolutions are kept in 16 bits, if that is
    /// wanted; vectors, among them running variances that 16 bits would flush to zero, always in 32.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="half">Whether to keep convolutions in 16 bits.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, bool half = true) => BackboneFile.Write(path, this, half);

    /// <summary>Frees the parameters and the engine.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        _engine.Dispose();
    }
}
