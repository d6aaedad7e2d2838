using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.Training;

public sealed class BatchSizeFinderTests : IDisposable
{
    private static readonly FineTuneOptions Options = new FineTuneOptions
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        Epochs = 1,
        Input = new() { ImageSize = 16 },
        Compute = new() { Threads = 1 },
    }.Resolve();

    private readonly ColorImageFolder _images = new(perClass: 8);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData(1_000, 100_000, 256)]
    [InlineData(1_000, 100, 64)]
    [InlineData(1_000, 32, 32)]
    [InlineData(1_000, 31, 16)]
    [InlineData(1_000, 1, 1)]
    [InlineData(100, 100_000, 64)]
    [InlineData(3, 100_000, 2)]
    [InlineData(1, 100_000, 1)]
    public void Find_ImagesAndMemory_GiveTheLargestPowerOfTwo(int images, int memory, int expected) =>
        Assert.Equal(expected, BatchSizeFinder.Find(images, size => size <= memory));

    [Fact]
    public void Find_NothingFits_SaysSo() => Assert.Equal(
        "Not even a batch of one image fits into the memory.", Assert.Throws<InsufficientMemoryException>(() => BatchSizeFinder.Find(100, _ => false)).Message);

    [Theory]
    [InlineData(48, 10, 6)]
    [InlineData(2, 1, 1)]
    public void Below_BatchThatDoesNotFit_IsHalvedUntilOneDoes(int size, int memory, int expected) =>
        Assert.Equal(expected, BatchSizeFinder.Below(size, half => half <= memory));

    // By its plan alone: nothing of this size is allocated.
    [Fact]
    public void CanTrain_ManagedEngine_GoesByWhatItPlans()
    {
        using TrainedModel model = FineTuneNetwork.Create(Options, ["a", "b"], start: null);
        Assert.True(FineTuneNetwork.Fits(model, Options, 32));
        Assert.False(FineTuneNetwork.Fits(model, Options, 1 << 30));
    }

    [Theory]
    [InlineData(4, "A batch of 16 images does not fit into the memory of cpu; one of 4 fits.")]
    [InlineData(0, "A batch of 16 images does not fit into the memory of cpu; not even one of a single image fits.")]
    public void Execute_BatchThatDoesNotFit_NamesOneThatDoes(int most, string expected)
    {
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);
        using var run = new FineTuneRun(Model(new SmallEngine(most), train.ClassNames), Options with { BatchSize = 16 }, train, validation, new ProgressReporter(null, 1, TimeProvider.System)) { Warnings = [] };
        Assert.Equal(expected, Assert.Throws<InsufficientMemoryException>(() => run.Execute(CancellationToken.None)).Message);
    }

    private static TrainedModel Model(Engine engine, IReadOnlyList<string> labels)
    {
        var network = new NetworkOptions { Classes = labels.Count, InputHeight = 16, InputWidth = 16 };
        Graph graph = NetworkRegistry.Default.Get(TinyNetwork.Name).Build(network);
        ParameterStore parameters = ModelFactory.CreateParameters(engine, graph, p => p.Initialize(0));
        return new TrainedModel(NetworkSpec.From(TinyNetwork.Name, network), graph, labels, PreprocessingSpec.ForInput(16, 1.143), engine, parameters);
    }

    /// <summary>An engine without memory for more than some samples.</summary>
    private sealed class SmallEngine(int most) : Engine
    {
        private readonly CpuEngine _inner = new(1);

        public override string Name => _inner.Name;

        public override EngineIdentity Identity => _inner.Identity;

        public override ParameterStore CreateParameters(IEnumerable<Parameter> parameters) => _inner.CreateParameters(parameters);

        public override IInferenceSession CreateInference(Graph graph, ParameterStore parameters, int maxBatch) => _inner.CreateInference(graph, parameters, maxBatch);

        public override ITrainingSession CreateTraining(Graph graph, ParameterStore parameters, TrainingSpec spec) =>
            spec.MaxBatch <= most ? _inner.CreateTraining(graph, parameters, spec) : throw new InsufficientMemoryException("It is full.");

        public override bool CanTrain(Graph graph, ParameterStore parameters, TrainingSpec spec) => spec.MaxBatch <= most;

        public override IActivationGradientSession CreateActivationGradient(Graph graph, ParameterStore parameters, Node node) => _inner.CreateActivationGradient(graph, parameters, node);

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
