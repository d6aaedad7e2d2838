using System.Diagnostics;
using Microsoft.ML;
using MLClassify.MLNet;

namespace MLClassify.Benchmarks.Pipelines;

/// <summary>Trains pipelines on a folder without every tenth file of each class, and measures them on these.</summary>
internal sealed class PipelineBench
{
    private const int HeldOut = 10;

    private readonly string _folder;
    private readonly ImageDataset _train;
    private readonly ImageDataset _test;
    private readonly PipelineSettings _settings;

    /// <summary>Lists the images.</summary>
    /// <param name="folder">The folder, with a subfolder a class.</param>
    /// <param name="limit">At most so many images of each class; all when null.</param>
    /// <param name="settings">What the pipelines need to know.</param>
    public PipelineBench(string folder, int? limit, PipelineSettings settings)
    {
        ImageDataset images = ImageFolder.Open(folder).Dataset;
        images = limit is { } count ? images.TakePerClass(count) : images;
        (_folder, _settings) = (folder, settings);
        (_train, _test) = images.HoldOutEveryNth(HeldOut);
    }

    /// <summary>Training images.</summary>
    public int TrainImages => _train.Count;

    /// <summary>Images to measure on.</summary>
    public int TestImages => _test.Count;

    /// <summary>Measures a pipeline.</summary>
    public PipelineResult Measure(PipelineRow row)
    {
        var context = new MLContext(seed: 1);
        DataViewSchema schema = context.Data.LoadImageFolder(_folder).Schema;
        TimeSpan begin = ProcessorTime();
        ITransformer model = row.Create(context, _settings).Fit(View(schema, _train));
        TimeSpan trained = ProcessorTime();

        // Reads the scores once; what it computes from them is nothing beside the network.
        EvaluationResult result = context.MulticlassClassification.EvaluateImages(model.Transform(View(schema, _test)));
        TimeSpan scored = ProcessorTime();
        (model as IDisposable)?.Dispose();
        return new PipelineResult
        {
            Row = row.Name,
            TrainImages = TrainImages,
            TestImages = TestImages,
            Correct = result.Correct,
            TrainingCpuS = (trained - begin).TotalSeconds,
            ScoringCpuS = (scored - trained).TotalSeconds,
        };
    }

    private static ImageListView View(DataViewSchema schema, ImageDataset images) =>
        new(schema, [.. images.Samples.Select(sample => sample.Path)], [.. images.Samples.Select(sample => (uint)sample.Label + 1)]);

    private static TimeSpan ProcessorTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
