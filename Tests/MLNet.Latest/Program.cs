using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet.Latest;

/// <summary>
/// Arguments: a model file that another version of ML.NET wrote, a folder of images, a path for a file of this version. Prints ML.NET's version,
/// then a line of scores an image: by the model of the file; by a model that is trained here, saved and loaded again.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        Console.WriteLine(FileVersionInfo.GetVersionInfo(typeof(MLContext).Assembly.Location).FileVersion);
        var context = new MLContext(seed: 1);
        IDataView images = context.Data.LoadImageFolder(arguments[1]);
        Print("loaded", context.Model.Load(arguments[0], out _).Transform(images));

        var training = new FineTuneOptions
        {
            Backbone = "cifar_resnet20",
            Weights = WeightSelection.None,
            Epochs = 1,
            Input = new() { ImageSize = 16 },
            Compute = new() { Threads = 1 },
        };
        using ImageClassifierTransformer trained = context.MulticlassClassification.Trainers.ImageClassification(training: training).Fit(images);
        Print("trained", trained.Transform(images));
        context.Model.Save(trained, images.Schema, arguments[2]);
        Print("again", new MLContext().Model.Load(arguments[2], out _).Transform(images));

        IDataView features = context.Transforms.ExtractImageFeatures(new ExtractImageFeaturesOptions { Backbone = "cifar_resnet20", Weights = WeightSelection.None, ImageSize = 16 })
            .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy())
            .Fit(images).Transform(images);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"features {context.MulticlassClassification.Evaluate(features).MicroAccuracy}"));
        return 0;
    }

    private static void Print(string what, IDataView scored)
    {
        foreach (float[] scores in scored.GetColumn<float[]>("Score"))
        {
            Console.WriteLine($"{what} {string.Join(' ', scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture)))}");
        }
    }
}
