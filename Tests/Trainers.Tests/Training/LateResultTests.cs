using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Training;

/// <summary>The loop with an engine that gives a step's result only after the next batch: the same run.</summary>
public sealed class LateResultTests : IDisposable
{
    private static readonly FineTuneOptions Options = new FineTuneOptions
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 4,
        Epochs = 3,
        Freezing = new() { Epochs = 1 },
        Optimizer = new() { AccumulationSteps = 2, EmaDecay = 0.9, ClipNorm = 0.5 },
        LearningRate = 0.05,
        Input = new() { ImageSize = 16 },
        Compute = new() { Threads = 1 },
    }.Resolve();

    private readonly ColorImageFolder _images = new(perClass: 7);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Execute_ResultsReadLate_ReportsCheckpointsAndModelAreTheSame(int accumulation)
    {
        FineTuneOptions options = Options with { Optimizer = Options.Optimizer with { AccumulationSteps = accumulation } };
        (string[] reports, List<byte[]> checkpoints, byte[] model) = Train(options, late: false);
        (string[] lateReports, List<byte[]> lateCheckpoints, byte[] lateModel) = Train(options, late: true);

        Assert.Equal(reports, lateReports);
        Assert.Equal(model, lateModel);
        Assert.True(checkpoints.Count > 6);
        Assert.Equal(checkpoints, lateCheckpoints);
    }

    [Fact]
    public void Execute_LossThatIsNotFinite_IsFoundOneBatchLater()
    {
        FineTuneOptions options = Options with { LearningRate = 1e18, Optimizer = Options.Optimizer with { ClipNorm = 0, AccumulationSteps = 1 }, Freezing = new() };
        TrainingDivergedException expected = Assert.Throws<TrainingDivergedException>(() => Train(options, late: false));
        TrainingDivergedException late = Assert.Throws<TrainingDivergedException>(() => Train(options, late: true));
        Assert.Equal(expected.Message, late.Message);
    }

    private (string[] Reports, List<byte[]> Checkpoints, byte[] Model) Train(FineTuneOptions options, bool late)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        string path = _images[$"checkpoint{late}.safetensors"];
        File.Delete(path);
        var reports = new List<string>();
        var checkpoints = new List<byte[]>();
        var progress = new ProgressRecorder<TrainingProgress>(p =>
        {
            reports.Add(FormattableString.Invariant($"{p.Phase} {p.Epoch} {p.Batch} {p.TrainLoss:R}"));
            if (File.Exists(path) && File.ReadAllBytes(path) is { } file && (checkpoints.Count == 0 || !checkpoints[^1].AsSpan().SequenceEqual(file)))
            {
                checkpoints.Add(file);
            }
        });
        var network = new NetworkOptions { Classes = train.ClassNames.Count, InputHeight = 16, InputWidth = 16 };
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(network);
        var engine = new LateEngine(late);
        ParameterStore parameters = ModelFactory.CreateParameters(engine, graph, p => p.Initialize(0));
        var model = new TrainedModel(NetworkSpec.From(TinyNetwork.Name, network), graph, train.ClassNames, PreprocessingSpec.ForInput(16, 1.143), engine, parameters);
        using var run = new FineTuneRun(model, options, train, validation, new ProgressReporter(progress, 3, TimeProvider.System))
        {
            Checkpoints = new CheckpointWriter(path, "these", TimeSpan.Zero, new StoppedClock()),
            Warnings = [],
            Time = new StoppedClock(),
        };
        using TrainingResult result = run.Execute(CancellationToken.None);
        string file = _images[$"model{late}.safetensors"];
        result.Model.Save(file);
        return ([.. reports], checkpoints, File.ReadAllBytes(file));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private sealed class LateEngine(bool isLate) : Engine
    {
        private readonly CpuEngine _inner = new(1);

        public override string Name => _inner.Name;

        public override EngineIdentity Identity => _inner.Identity;

        public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => _inner.CreateParameters(parameters);

        public override IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch) => _inner.CreateInference(graph, parameters, maxBatch);

        public override ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec)
        {
            ITrainingSession session = _inner.CreateTraining(graph, parameters, spec);
            return isLate ? new LateSession(session) : session;
        }

        public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) => _inner.CreateActivationGradient(graph, parameters, node);

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class LateSession(ITrainingSession inner) : ITrainingSession
    {
        private StepMetrics? _known;

        public int MaxBatch => inner.MaxBatch;

        public IReadOnlyList<Parameter> Trained => inner.Trained;

        public long ActivationBytes => inner.ActivationBytes;

        public long Steps => inner.Steps;

        public void Accumulate(HostBatch batch, long step) => inner.Accumulate(batch, step);

        public StepMetrics Apply(StepSettings settings) => throw new InvalidOperationException("The loop waits for the device.");

        public StepMetrics? Submit(StepSettings settings)
        {
            Assert.Null(_known);
            _known = inner.Apply(settings);
            return null;
        }

        public StepMetrics Complete()
        {
            StepMetrics known = _known!.Value;
            _known = null;
            return known;
        }

        public void ExportGradient(string name, Span<float> values) => inner.ExportGradient(name, values);

        public IReadOnlyList<OptimizerTensor> ExportState() => inner.ExportState();

        public void RestoreState(long steps, Func<OptimizerTensor, float[]>? read) => inner.RestoreState(steps, read);

        public void Dispose() => inner.Dispose();
    }
}
