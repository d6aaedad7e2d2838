using MLClassify.Datasets;
using MLClassify.Testing.Engines;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Engines.Torch.Tests;

/// <summary>The trainers on libtorch, through the one option that says so.</summary>
[LibtorchRequirement]
public sealed class FineTuningTests : IDisposable
{
    // Stages, momentum, an average, accumulation with a rest, mixing, dropout.
    private static readonly FineTuneOptions Options = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 4,
        Epochs = 3,
        Freezing = new() { Epochs = 1 },
        Optimizer = new() { AccumulationSteps = 2, EmaDecay = 0.9, ClipNorm = 0.5 },
        Regularization = new() { Mixup = 0.3, LabelSmoothing = 0.1 },
        Head = new() { Dropout = 0.3 },
        LearningRate = 0.05,
        Compute = new() { Device = ComputeDevice.TorchCpu, Threads = 2, Deterministic = true },
    };

    private readonly ColorImageFolder _images = new(perClass: 7);
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;

    public FineTuningTests() => (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);

    public void Dispose() => _images.Dispose();

    [EngineFact]
    public async Task FitAsync_InterruptedAndResumed_EndsWithTheSameBytes()
    {
        byte[] expected = await ModelAsync(Options, new Run(_images["whole"]));
        Assert.Equal(expected, await ModelAsync(Options, new Run(_images["again"])));

        var run = new Run(_images["interrupted"]);
        await InterruptAsync(Options, run, afterReports: 6);
        (byte[] resumed, IReadOnlyList<string> warnings) = await ResumeAsync(Options, run);
        Assert.Equal(expected, resumed);
        Assert.DoesNotContain(warnings, w => w.Contains("checkpoint", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task FitAsync_ResumedOnAnotherEngine_GoesOnAndSaysThatBitsDiffer()
    {
        FineTuneOptions managed = Options with { Compute = new() { Device = ComputeDevice.Cpu, Threads = 2 } };
        var run = new Run(_images["moved"]);
        await InterruptAsync(managed, run, afterReports: 6);
        (_, IReadOnlyList<string> warnings) = await ResumeAsync(Options, run);
        Assert.Contains(
            "The checkpoint was written by managed on cpu in float32; training goes on with libtorch 2.10 on torch-cpu in float32: the same recipe, but not the same bits as without the interruption.",
            warnings);

        var back = new Run(_images["back"]);
        await InterruptAsync(Options, back, afterReports: 6);
        (_, warnings) = await ResumeAsync(managed, back);
        Assert.Contains(warnings, w => w.StartsWith("The checkpoint was written by libtorch 2.10 on torch-cpu", StringComparison.Ordinal));
    }

    [EngineTheory]
    [InlineData(TrainableLayers.Head, "Float32")]
    [InlineData(TrainableLayers.All, "Float32")]
    [InlineData(TrainableLayers.All, "BFloat16")]
    public async Task FitAsync_Colors_AreLearnedAndTheModelLoadsAnywhere(TrainableLayers layers, string precision)
    {
        var options = new FineTuneOptions
        {
            Backbone = TinyNetwork.Name,
            Weights = WeightSelection.None,
            TrainableLayers = layers,
            BatchSize = 4,
            Epochs = layers == TrainableLayers.Head ? null : 12,
            LearningRate = layers == TrainableLayers.Head ? null : 0.05,
            Compute = new() { Device = ComputeDevice.TorchCpu, Precision = Enum.Parse<ComputePrecision>(precision) },
        };
        string file = _images["colors.safetensors"];
        using (TrainingResult result = await new FineTuneTrainer(options).FitAsync(_train, _validation))
        {
            Assert.True(result.Validation!.Accuracy > 0.9, $"{result.Validation.Accuracy}");
            result.Model.Save(file);
        }

        // Two roundings of 2^-24 of logits of a few units, through four layers.
        using ImageClassifier managed = ImageClassifier.Load(file, new ComputeOptions { Device = ComputeDevice.Cpu });
        using ImageClassifier torch = ImageClassifier.Load(file, new ComputeOptions { Device = ComputeDevice.TorchCpu, Precision = ComputePrecision.Float32 });
        string image = _validation.Samples[0].Path;
        Assert.Equal(managed.Predict(image).Score, torch.Predict(image).Score, 1e-5);
        Assert.Contains("libtorch 2.10 on torch-cpu", managed.TrainingRecord, StringComparison.Ordinal);
        Assert.NotNull(torch.Explain(image));
    }

    [EngineFact]
    public void Resolve_Auto_IsTheManagedEngineWithoutACard()
    {
        (ComputeDevice device, string reason) = ComputeDevices.Resolve(ComputeDevice.Auto);
        Assert.Equal(device == ComputeDevice.Cpu, reason.StartsWith("computing on the processor with the managed engine: ", StringComparison.Ordinal));
        Assert.Contains(ComputeDevices.List(), d => d.Device == ComputeDevice.TorchCpu && d.Problem is null);
        Assert.Contains("There is no device cuda:57 here", Assert.Throws<ComputeDeviceException>(() => Models.ModelFactory.CreateEngine(new ComputeOptions { Device = ComputeDevice.Cuda(57) })).Message, StringComparison.Ordinal);
    }

    private async Task<byte[]> ModelAsync(FineTuneOptions options, Run run)
    {
        using TrainingResult result = await new FineTuneTrainer(options) { Run = run }.FitAsync(_train, _validation);
        return run.Bytes(result);
    }

    private async Task<(byte[] Model, IReadOnlyList<string> Warnings)> ResumeAsync(FineTuneOptions options, Run run)
    {
        using TrainingResult result = await new FineTuneTrainer(options) { Run = run, Resume = true }.FitAsync(_train, _validation);
        return (run.Bytes(result), result.Warnings);
    }

    private async Task InterruptAsync(FineTuneOptions options, Run run, int afterReports)
    {
        using var stop = new CancellationTokenSource();
        int left = afterReports;
        var progress = new ProgressRecorder<TrainingProgress>(_ =>
        {
            if (--left == 0)
            {
                stop.Cancel();
            }
        });
        try
        {
            using TrainingResult result = await new FineTuneTrainer(options) { Run = run }.FitAsync(_train, _validation, progress, stop.Token);
            Assert.True(result.IsCanceled);
        }
        catch (OperationCanceledException)
        {
            // Before the first epoch was over there is a checkpoint and no model.
        }

        Assert.True(File.Exists(run.CheckpointPath));
    }

    private sealed class Run : ITrainingRun
    {
        private readonly string _folder;

        public Run(string folder)
        {
            _folder = folder;
            Directory.CreateDirectory(folder);
        }

        public string CheckpointPath => Path.Combine(_folder, "checkpoint.safetensors");

        public void EpochCompleted(IReadOnlyList<EpochResult> epochs, EpochResult? best)
        {
        }

        public void SaveBest(Action<string> save)
        {
        }

        public byte[] Bytes(TrainingResult result)
        {
            string file = Path.Combine(_folder, "model.safetensors");
            result.Model.Save(file);
            return File.ReadAllBytes(file);
        }
    }
}
