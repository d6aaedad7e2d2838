using MLClassify.Datasets;
using MLClassify.Models;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Reports.Tests.Runs;

/// <summary>The folders of runs that were trained into them.</summary>
public sealed class TrainedRunTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 2,
        Augmentation = "standard",
        Compute = new() { Threads = 2 },
    };

    private readonly ColorImageFolder _images = new();
    private readonly ImageDataset _train;
    private readonly ImageDataset _validation;

    public TrainedRunTests() => (_train, _validation) = ImageFolder.Open(_images.Root).HoldOutEveryNth(4);

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Write_AfterTraining_HasEveryFile()
    {
        RunFolder run = RunFolder.Create(_images["runs/colors"]);
        var trainer = new FineTuneTrainer(Small) { Run = run };
        run.WriteArguments(trainer.Options, _train, _validation);
        using TrainingResult result = await trainer.FitAsync(_train, _validation);
        run.Write(result);

        string[] expected =
        [
            "args.json", "class_indices.json", "confusion_matrix.csv", "confusion_matrix.svg", "curves.svg", "metrics.json", "predictions.csv",
            "report.html", "results.csv", "skipped.csv", "weights/best.safetensors", "weights/last.safetensors",
        ];
        Assert.Equal(expected, Directory.EnumerateFiles(run.FullPath, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(run.FullPath, f).Replace('\\', '/')).Order(StringComparer.Ordinal));
        Assert.Equal(2, ResultsFile.Read(Path.Combine(run.FullPath, "results.csv")).Count);
        Assert.Equal(result.Validation!.Accuracy, MetricsFile.Read(Path.Combine(run.FullPath, "metrics.json")).Accuracy);
        Assert.Equal(["blue", "green", "red"], ClassIndex.Load(Path.Combine(run.FullPath, "class_indices.json")));
        using TrainedModel model = TrainedModel.Load(run.BestWeights);
        Assert.Equal(result.Model.Labels, model.Labels);
    }

    [Fact]
    public async Task Write_ModelWithMoreClassesThanTheImages_IndexesTheModels()
    {
        ImageDataset all = ImageFolder.Open(_images.Root).Dataset;
        ImageDataset Only(params string[] classes) => new(classes, all.Samples
            .Where(s => classes.Contains(all.ClassNames[s.Label]))
            .Select(s => new ImageSample(s.Path, Array.IndexOf(classes, all.ClassNames[s.Label]))));
        string model = _images["first.safetensors"];
        using (TrainingResult first = await new FineTuneTrainer(Small).FitAsync(Only("green", "red"), Only("green", "red")))
        {
            first.Model.Save(model);
        }

        RunFolder run = RunFolder.Create(_images[".run"]);
        var trainer = new FineTuneTrainer(Small with { InitialModel = model, ExtendClasses = true, TrainableLayers = TrainableLayers.All }) { Run = run };
        run.WriteArguments(trainer.Options, Only("blue", "red"), Only("blue", "red"));
        using TrainingResult result = await trainer.FitAsync(Only("blue", "red"), Only("blue", "red"));
        run.Write(result);

        Assert.Equal(["green", "red", "blue"], result.Model.Labels);
        Assert.Equal(["green", "red", "blue"], ClassIndex.Load(Path.Combine(run.FullPath, ClassIndex.FileName)));
    }
}
