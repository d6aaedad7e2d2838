using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.MLNet;
using MLClassify.Reports;

namespace MLClassify.Samples;

/// <summary>What the ML.NET samples do with a trained model: they measure, save, load and use it.</summary>
internal static class MLNetReport
{
    /// <summary>Prints ML.NET's metrics and this library's, and writes the page.</summary>
    /// <param name="context">The context.</param>
    /// <param name="scored">What the model made of images that it was not trained on.</param>
    /// <param name="output">Where the figures go.</param>
    /// <param name="page">The page's file.</param>
    /// <param name="title">The page's title.</param>
    public static void Measure(MLContext context, IDataView scored, TextWriter output, string page, string title)
    {
        // Two evaluations would let the network see each photo twice.
        scored = context.Data.Cache(scored, "ImagePath", "Label", "PredictedLabel", "Score");
        MulticlassClassificationMetrics metrics = context.MulticlassClassification.Evaluate(scored);
        output.WriteLine(FormattableString.Invariant(
            $"ML.NET: micro accuracy {metrics.MicroAccuracy:0.000}, macro accuracy {metrics.MacroAccuracy:0.000}, log loss {metrics.LogLoss:0.000}"));
        EvaluationResult result = context.MulticlassClassification.EvaluateImages(scored);
        FineTuneReport.Print(output, result);
        if (result.Skipped.Count > 0)
        {
            output.WriteLine($"{result.Skipped.Count} files could not be read; the first: {result.Skipped[0].Path}: {result.Skipped[0].Reason}");
        }

        HtmlReport.Write(page, new ReportContent { Title = title, Report = result });
        output.WriteLine($"report: {page}");
    }

    /// <summary>Saves a model as ML.NET does, disposes it, and does with the file what another program does.</summary>
    /// <param name="context">The context.</param>
    /// <param name="model">The model.</param>
    /// <param name="photos">Data that it was trained on; its first photo is predicted.</param>
    /// <param name="output">Where the answer goes.</param>
    /// <param name="file">The file.</param>
    public static void SaveAndUse(MLContext context, ITransformer model, IDataView photos, TextWriter output, string file)
    {
        context.Model.Save(model, photos.Schema, file);
        (model as IDisposable)?.Dispose();
        output.WriteLine($"model: {file}");

        var other = new MLContext();
        ITransformer loaded = other.Model.Load(file, out _);

        // The engine disposes the model.
        using PredictionEngine<Photo, Answer> engine = other.Model.CreatePredictionEngine<Photo, Answer>(loaded);
        string path = photos.GetColumn<string>("ImagePath").First();
        Answer answer = engine.Predict(new Photo { ImagePath = path });
        output.WriteLine(FormattableString.Invariant($"{Path.GetFileName(file)} says of {Path.GetFileName(path)}: {answer.PredictedClass} {100 * answer.Score.Max():0.0} %"));
    }
}
