using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers;

/// <summary>
/// All that a run needs to go on as if it had never stopped, in one safetensors file: the network's values, the best epoch's, the average's
/// and the optimizer's state as tensors, the position and the history as metadata. The random generator has no state: every number follows
/// from the seed and the position.
/// </summary>
internal sealed record TrainingCheckpoint
{
    private const string Key = "checkpoint";
    private const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Names the options and the data; a run with others cannot go on from here.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What computed it; null in files of a time when there was the managed engine alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EngineIdentity? Engine { get; init; }

    /// <summary>The batch that was found to fit; null where the options named one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? BatchSize { get; init; }

    public required int Epoch { get; init; }

    public required int Batch { get; init; }

    public required int Updates { get; init; }

    public required long Step { get; init; }

    public required long Samples { get; init; }

    public required double LossSum { get; init; }

    public required long Correct { get; init; }

    public required double LearningRate { get; init; }

    public required long OptimizerSteps { get; init; }

    public required long AverageSteps { get; init; }

    public required int? BestEpoch { get; init; }

    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>Files that could not be read so far.</summary>
    public required IReadOnlyList<SkippedFile> Skipped { get; init; }

    public TrainingPosition Position => new(Epoch, Batch, Updates, Step, new EpochTotals(Samples, LossSum, Correct, LearningRate));

    /// <summary>What a run is, for <see cref="Fingerprint"/>: all options that decide its bytes, and the images' names and classes.</summary>
    public static string FingerprintOf(FineTuneOptions options, ImageDataset train, ImageDataset validation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }

        Add(ProgramVersion.Text);
        Add(JsonSerializer.Serialize(options with { Compute = new ComputeOptions(), Weights = WeightSelection.None, InitialModel = null }, TrainerJson.Compact.FineTuneOptions));
        foreach (ImageDataset dataset in new[] { train, validation })
        {
            Add(JsonSerializer.Serialize(dataset.ClassNames, TrainerJson.Compact.IReadOnlyListString));
            foreach (ImageSample sample in dataset.Samples)
            {
                Add(FormattableString.Invariant($"{sample.Label}/{Path.GetFileName(sample.Path)}"));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path, ParameterStore values, ParameterStore? best, ParameterStore? average, ITrainingSession session)
    {
        var tensors = new List<SafetensorsTensor>();
        void Add(string group, ParameterStore? store)
        {
            tensors.AddRange(store?.Parameters.Select(p => Tensor(p, $"{group}/{p.Name}", () => store.Export(p.Name))) ?? []);
        }

        Add("values", values);
        Add("best", best);
        Add("average", average);
        tensors.AddRange(session.ExportState().Select(s => Tensor(s.Parameter, NameOf(s), s.Export)));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string>(StringComparer.Ordinal) { [Key] = JsonSerializer.Serialize(this, CheckpointJson.NamedNumbers.TrainingCheckpoint) });
    }

    /// <summary>Reads what the metadata says.</summary>
    /// <exception cref="InvalidWeightsException">The file is damaged, or of another version.</exception>
    public static TrainingCheckpoint Read(SafetensorsReader reader, string path)
    {
        try
        {
            TrainingCheckpoint? read = JsonSerializer.Deserialize(
                reader.Metadata.GetValueOrDefault(Key) ?? "null", CheckpointJson.NamedNumbers.TrainingCheckpoint);
            return read is null
                ? throw new InvalidWeightsException(path, "the file is no checkpoint", expected: $"metadata '{Key}'")
                : read.Version == CurrentVersion && IsPlausible(read)
                ? read
                : throw new InvalidWeightsException(path, "the checkpoint is of another version, or contradicts itself", found: FormattableString.Invariant($"version {read.Version}"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidWeightsException(path, $"the checkpoint's description is damaged ({e.Message})", innerException: e);
        }
    }

    /// <summary>Reads values that <see cref="Write"/> stored; those that the file lacks are an error.</summary>
    public static void Restore(SafetensorsReader reader, string group, ParameterStore target)
    {
        foreach (Parameter parameter in target.Parameters)
        {
            target.Import(parameter.Name, Read(reader, $"{group}/{parameter.Name}", parameter));
        }
    }

    /// <summary>Reads an optimizer's state.</summary>
    public void Restore(SafetensorsReader reader, ITrainingSession session)
    {
        // Without momentum there is none.
        bool hasState = reader.Entries.Any(e => e.Name.StartsWith("optimizer/", StringComparison.Ordinal));
        session.RestoreState(OptimizerSteps, hasState ? tensor => Read(reader, NameOf(tensor), tensor.Parameter) : null);
    }

    private static string NameOf(OptimizerTensor tensor) => $"optimizer/{tensor.Name}/{tensor.Parameter.Name}";

    private static bool IsPlausible(TrainingCheckpoint read) =>
        read is { Epoch: >= 0, Batch: >= 0, Updates: >= 0, Step: >= 0, Samples: >= 0, OptimizerSteps: >= 0, AverageSteps: >= 0, Epochs: not null, Skipped: not null }
        && read.Epochs.Count == read.Epoch && (read.BestEpoch is null || read.Epochs.Any(e => e.Epoch == read.BestEpoch));

    private static SafetensorsTensor Tensor(Parameter parameter, string name, Func<float[]> export) =>
        SafetensorsTensor.FromSingles(name, [.. parameter.Dimensions.Select(d => (long)d)], ElementType.F32, () => export());

    private static float[] Read(SafetensorsReader reader, string name, Parameter parameter)
    {
        float[] values = reader.Contains(name) ? reader.Read(name) : throw new InvalidWeightsException(reader.File, "the checkpoint lacks a tensor", name);
        return values.Length == parameter.Count
            ? values
            : throw new InvalidWeightsException(
                reader.File,
                "the tensor has another size than the network's",
                name,
                expected: FormattableString.Invariant($"{parameter.Count} values"),
                found: FormattableString.Invariant($"{values.Length}"));
    }
}
