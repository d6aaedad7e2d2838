using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.Models;

/// <summary>A trained network with its parameters, class names and preprocessing. Owns its parameters and their engine.</summary>
internal sealed class TrainedModel : IDisposable
{
    // A stream's place in messages.
    private const string StreamName = "the stream";

    /// <summary>Creates a model from its parts.</summary>
    /// <param name="network">What the graph was built from.</param>
    /// <param name="graph">The network.</param>
    /// <param name="labels">The classes' names, as many as the network has classes.</param>
    /// <param name="preprocessing">How an image becomes its input.</param>
    /// <param name="engine">The engine that computes; disposed with the model.</param>
    /// <param name="parameters">Its values, of this engine; disposed with the model.</param>
    /// <exception cref="ArgumentException">The parts do not fit.</exception>
    public TrainedModel(NetworkSpec network, Graph graph, IReadOnlyList<string> labels, PreprocessingSpec preprocessing, Engine engine, ParameterStore parameters)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(parameters);
        if (ModelFile.Mismatch(network, labels, preprocessing) is { } problem)
        {
            throw new ArgumentException($"The parts of the model do not fit: {problem}.", nameof(labels));
        }

        Network = network;
        Graph = graph;
        Labels = [.. labels];
        Preprocessing = preprocessing;
        Engine = engine;
        Parameters = parameters;
    }

    /// <summary>What the graph was built from.</summary>
    public NetworkSpec Network { get; }

    /// <summary>The network.</summary>
    public Graph Graph { get; }

    /// <summary>The classes' names in the order of their labels.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The preprocessing of images.</summary>
    public PreprocessingSpec Preprocessing { get; }

    /// <summary>The engine that computes.</summary>
    public Engine Engine { get; }

    /// <summary>The values.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>What was asked to compute. Default: as everywhere.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>How the model was trained, as JSON; null when that is unknown.</summary>
    public string? TrainingRecord { get; init; }

    /// <summary>The images that the model was trained on; null when that is unknown.</summary>
    public TrainingImages? TrainingImages { get; init; }

    /// <summary>Reads a model file, or an ONNX file: the content decides.</summary>
    /// <param name="path">What <see cref="Save(string)"/> wrote, or an ONNX model.</param>
    /// <param name="compute">What computes; the defaults when null.</param>
    /// <param name="labels">The classes' names for an ONNX file that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="UnsupportedOnnxException">The ONNX model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel Load(string path, ComputeOptions? compute = null, IReadOnlyList<string>? labels = null) =>
        ModelFile.Read(path, compute ?? new ComputeOptions(), labels);

    /// <summary>Reads a model file, or an ONNX file, from a stream: the content decides.</summary>
    /// <param name="stream">The file, from its first byte; it must be seekable, and may be closed by this.</param>
    /// <param name="compute">What computes.</param>
    /// <param name="labels">The classes' names for an ONNX file that has none; <c>class 0</c>, <c>class 1</c>, ... when null.</param>
    /// <exception cref="InvalidWeightsException">The content is damaged, or holds weights without a model's description.</exception>
    public static TrainedModel Load(Stream stream, ComputeOptions compute, IReadOnlyList<string>? labels) => ModelFile.Read(stream, StreamName, compute, labels);

    /// <summary>Reads an ONNX file as a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="labels">The classes' names; the file's own when null, or <c>class 0</c>, <c>class 1</c>, ... where it has none.</param>
    /// <param name="preprocessing">
    /// How an image becomes the network's input; what the file says when null, or ImageNet's. Normalization inside the file goes before
    /// what this says about it.
    /// </param>
    /// <param name="compute">What computes; the defaults when null.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, no classifier of images, or has another number of classes.</exception>
    /// <exception cref="WeightFiles.Onnx.UnsupportedOnnxException">The model uses what is not supported; the message lists all of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrainedModel LoadOnnx(string path, IReadOnlyList<string>? labels = null, PreprocessingSpec? preprocessing = null, ComputeOptions? compute = null) =>
        OnnxModelReader.Read(path, labels, preprocessing, compute ?? new ComputeOptions());

    /// <summary>Writes a model file (safetensors); the same model always gives the same bytes.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Write(path, this, Parameters);

    /// <summary>Writes a model file whose filters and matrices are rounded to a shorter type, for half the size.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="type">Their type in the file: F16, BF16, F32 or F64. Vectors (biases, batch normalization) are never shorter than float32.</param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    /// <exception cref="InvalidOperationException">A value is larger than the type can hold (65,504 for F16).</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, ElementType type) => ModelFile.Write(path, this, Parameters, type);

    /// <summary>Writes a model file to a stream.</summary>
    /// <param name="stream">The destination, which need not be seekable.</param>
    /// <param name="type">The type of filters and matrices, as above.</param>
    /// <exception cref="ArgumentException">The type is not one of these.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream, ElementType type) => ModelFile.Write(stream, this, type);

    /// <summary>Writes a model file with other values of the same parameters.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="parameters">The values.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, ParameterStore parameters) => ModelFile.Write(path, this, parameters);

    /// <summary>
    /// Writes an ONNX file that any runtime evaluates as this model: weights, normalization, labels and preprocessing inside, the batch a
    /// free dimension. The same model always gives the same bytes.
    /// </summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="options">Layout, range, softmax, opset; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="NotSupportedException">The network has an operator that cannot be written, or exceeds the 2 GiB of an ONNX file.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, OnnxExportOptions? options = null) => OnnxModelFile.Write(path, this, options ?? new OnnxExportOptions());

    /// <summary>Prepares the network for inference.</summary>
    /// <param name="maxBatch">The largest batch, at least 1.</param>
    /// <returns>A session, which the caller disposes before the model.</returns>
    public IInferenceSession CreateInference(int maxBatch) => Engine.CreateInference(Graph, Parameters, maxBatch);

    /// <summary>The network, its classes and its input: <c>resnet50, 3 classes (blue, green, red), 224 x 224 pixels</c>.</summary>
    public override string ToString()
    {
        const int mostNamed = 5;
        string more = Labels.Count > mostNamed ? FormattableString.Invariant($" and {Labels.Count - mostNamed} more") : "";
        return FormattableString.Invariant(
            $"{Network.Name ?? "network"}, {Labels.Count} classes ({string.Join(", ", Labels.Take(mostNamed))}{more}), {Preprocessing.CropSize} x {Preprocessing.CropSize} pixels");
    }

    /// <summary>Frees the values and the engine.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        Engine.Dispose();
    }
}
