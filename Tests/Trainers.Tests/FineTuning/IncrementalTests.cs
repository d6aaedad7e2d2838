using MLClassify.Graphs;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

/// <summary>Training that goes on from a model, with the same, more or other classes.</summary>
public sealed class IncrementalTests : IDisposable
{
    // Almost no rate: what the model starts with is what is left.
    private static readonly FineTuneOptions Still = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 1,
        LearningRate = 1e-30,
        Optimizer = new() { WeightDecay = 0 },
        Compute = new() { Threads = 1 },
        TrainableLayers = TrainableLayers.All,
    };

    private readonly ColorImageFolder _images = new(perClass: 6);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task FitAsync_FromModelOfTheSameClasses_KeepsItWhole()
    {
        (ImageDataset train, ImageDataset validation) = Only("blue", "green", "red");
        string model = await Train("first.safetensors", train, validation, Still with { LearningRate = 0.05, Epochs = 3 });
        using TrainingResult result = await new FineTuneTrainer(Still with { Backbone = "resnet50", InitialModel = model }).FitAsync(train, validation);
        using var before = Models.TrainedModel.Load(model);
        foreach (Parameter parameter in before.Graph.Parameters.Where(p => p.IsTrainable))
        {
            Assert.Equal(before.Parameters.Export(parameter.Name), result.Last.Export(parameter.Name));
        }

        Assert.Equal(before.Network.Name, result.Model.Network.Name);
    }

    [Fact]
    public async Task FitAsync_FromModelWithOneMoreClass_KeepsTheRowsOfThoseItKnows()
    {
        (ImageDataset train, ImageDataset validation) = Only("blue", "red");
        string model = await Train("first.safetensors", train, validation, Still with { LearningRate = 0.05, Epochs = 2 });
        using var before = Models.TrainedModel.Load(model);
        float[] old = before.Parameters.Export("fc.weight");

        (train, validation) = Only("blue", "green", "red");
        using TrainingResult result = await new FineTuneTrainer(Still with { InitialModel = model }).FitAsync(train, validation);
        Assert.Equal(["blue", "green", "red"], result.Model.Labels);
        float[] now = result.Last.Export("fc.weight");
        int length = old.Length / 2;
        Assert.Equal(old[..length], now[..length]);
        Assert.Equal(old[length..], now[(2 * length)..]);
        Assert.Equal(before.Parameters.Export("fc.bias")[1], result.Last.Export("fc.bias")[2]);
    }

    [Fact]
    public async Task FitAsync_KeepClasses_AddsTheNewOnesBehindThem()
    {
        (ImageDataset train, ImageDataset validation) = Only("green", "red");
        string model = await Train("first.safetensors", train, validation, Still with { LearningRate = 0.05, Epochs = 2 });
        using var before = Models.TrainedModel.Load(model);
        float[] old = before.Parameters.Export("fc.weight");

        (train, validation) = Only("blue", "red");
        using TrainingResult result = await new FineTuneTrainer(Still with { InitialModel = model, ExtendClasses = true }).FitAsync(train, validation);
        Assert.Equal(["green", "red", "blue"], result.Model.Labels);
        Assert.Equal(old, result.Last.Export("fc.weight")[..old.Length]);
        Assert.Equal([0, 1, 1], result.Validation!.Classes.Select(c => Math.Min(1, c.Images)));
    }

    private static async Task<string> Train(string path, ImageDataset train, ImageDataset validation, FineTuneOptions options)
    {
        string file = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(train.Samples[0].Path))!, path);
        using TrainingResult result = await new FineTuneTrainer(options).FitAsync(train, validation);
        result.Model.Save(file, result.Last);
        return file;
    }

    private (ImageDataset Train, ImageDataset Validation) Only(params string[] classes)
    {
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        ImageDataset Part(Func<int, bool> takes) => new(classes, all.Samples.Index()
            .Where(s => takes(s.Index) && classes.Contains(all.ClassNames[s.Item.Label]))
            .Select(s => new ImageSample(s.Item.Path, Array.IndexOf(classes, all.ClassNames[s.Item.Label]))));
        return (Part(i => i % 3 != 0), Part(i => i % 3 == 0));
    }
}
