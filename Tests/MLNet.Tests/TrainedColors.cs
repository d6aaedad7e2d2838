using Microsoft.ML;
using MLClassify.Imaging;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet.Tests;

/// <summary>Images of three colors, and a pipeline that learned them; made once for all tests of a class.</summary>
public sealed class TrainedColors : IDisposable
{
    internal static readonly FineTuneOptions Training = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 12,
        LearningRate = 0.05,
        Augmentation = "none",
        Compute = new() { Threads = 1 },
    };

    public TrainedColors()
    {
        Data = Rows(Context);
        Model = Pipeline().Fit(Data);
        Scored = Model.Transform(Data);
    }

    internal ColorImageFolder Images { get; } = new(perClass: 10);

    public MLContext Context { get; } = new(seed: 1);

    public IDataView Data { get; }

    public ITransformer Model { get; }

    public IDataView Scored { get; }

    /// <summary>Rows with paths, bytes and the class as text, in a mixed order.</summary>
    internal List<LabeledRow> List() =>
    [
        .. Directory.EnumerateFiles(Images.Root, "*.*", SearchOption.AllDirectories)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal).ThenBy(path => path, StringComparer.Ordinal)
            .Select((path, i) => new LabeledRow
            {
                ImagePath = path, Image = File.ReadAllBytes(path), Class = Path.GetFileName(Path.GetDirectoryName(path))!, Number = i,
            }),
    ];

    public IDataView Rows(MLContext context) => context.Data.LoadFromEnumerable(List());

    public IEstimator<ITransformer> Pipeline(string image = "ImagePath") => Context.Transforms.Conversion
        .MapValueToKey("Label", "Class")
        .Append(Context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions { Training = Training, ImageColumnName = image, ValidationFraction = 0.2 }))
        .Append(Context.Transforms.Conversion.MapKeyToValue("PredictedClass", "PredictedLabel"));

    public void Dispose()
    {
        (Model as IDisposable)?.Dispose();
        Images.Dispose();
    }
}
