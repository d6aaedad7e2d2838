using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLClassify.MLNet;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.Samples.MLNetOnnx;

/// <summary>Exports a classifier for ML.NET's own ONNX transformer, scores images by it in two ways, and compares with the classifier itself.</summary>
public static class MLNetOnnxSample
{
    /// <summary>How far two probabilities may lie apart.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels the work before the next pipeline.</param>
    /// <returns>0 where the scores agree, 1 where they do not or the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var model = Arguments.Path("MODEL", "A model file, such as the one that Samples/Flowers writes.");
        var data = Arguments.Path("DATA", "A folder of images whose subfolders are the classes.");
        var every = Arguments.Number<int>("--split-every", "Score only every N-th file of each class, by name: what training held out. Default all.");
        var folder = Arguments.Text("--out", "DIR", "Where the two ONNX files go. Default beside the model.");
        var command = new RootCommand("Scores an exported classifier by ML.NET's ApplyOnnxModel.") { model, data, every, folder };
        return SampleHost.InvokeAsync(command, parsed => Task.Run(() => Compare(parsed), CancellationToken.None), args, output, error, cancellationToken);

        int Compare(ParseResult parsed)
        {
            string file = parsed.GetRequiredValue(model);
            string target = parsed.GetValue(folder) ?? Path.GetDirectoryName(Path.GetFullPath(file))!;
            Directory.CreateDirectory(target);
            using ImageClassifier classifier = ImageClassifier.Load(file);
            var context = new MLContext(seed: 1);
            string photos = parsed.GetRequiredValue(data);
            IDataView images = context.Data.LoadImageFolder(photos);
            if (parsed.GetValue(every) is { } step)
            {
                images = PhotoRows.Only(context, images, ImageFolder.Open(photos).Dataset.HoldOutEveryNth(step).Validation);
            }

            float[][] own = Scores(context.Transforms.ApplyImageClassifier(classifier).Fit(images).Transform(images), "Score");
            string[] truth = [.. images.GetColumn<uint>("Label").Select(key => classifier.Labels[(int)key - 1])];
            Report("MLClassify", own, own);

            // This library's pixels: resized, cropped and normalized as in training. The file has no normalization inside.
            cancellationToken.ThrowIfCancellationRequested();
            string normalized = Path.Combine(target, "normalized.onnx");
            classifier.ExportOnnx(normalized, new OnnxExportOptions { Range = OnnxRange.Normalized });
            var ours = context.Transforms.NormalizeImageNet(new NormalizeImageNetOptions
            {
                OutputColumnName = "normalized_input",
                Layout = PixelLayout.ChannelsHeightWidth,
                Preprocessing = classifier.Preprocessing,
            }).Append(context.Transforms.ApplyOnnxModel("probabilities", "normalized_input", normalized));
            double distance = Report("ApplyOnnxModel, pixels of NormalizeImageNet", Scores(ours.Fit(images).Transform(images), "probabilities"), own);

            // ML.NET's pixels: red, green, blue planes from 0 to 255. The file, as it is exported by default, normalizes them itself.
            cancellationToken.ThrowIfCancellationRequested();
            string bytes = Path.Combine(target, "bytes.onnx");
            classifier.ExportOnnx(bytes);
            int side = classifier.Preprocessing.CropSize;
            var theirs = context.Transforms.LoadImages("image", imageFolder: "", "ImagePath")
                .Append(context.Transforms.ResizeImages("image", side, side, resizing: ImageResizingEstimator.ResizingKind.IsoCrop))
                .Append(context.Transforms.ExtractPixels("input", "image"))
                .Append(context.Transforms.ApplyOnnxModel("probabilities", "input", bytes));
            Report("ApplyOnnxModel, pixels of LoadImages, ResizeImages, ExtractPixels", Scores(theirs.Fit(images).Transform(images), "probabilities"), own);
            return distance <= Tolerance ? 0 : 1;

            double Report(string what, float[][] scores, float[][] expected)
            {
                double right = scores.Index().Count(row => classifier.Labels[Array.IndexOf(row.Item, row.Item.Max())] == truth[row.Index]);
                int same = scores.Index().Count(row => Array.IndexOf(row.Item, row.Item.Max()) == Array.IndexOf(expected[row.Index], expected[row.Index].Max()));
                double largest = scores.Zip(expected, (a, b) => a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max()).Max();
                output.WriteLine(FormattableString.Invariant(
                    $"{what}: {100 * right / scores.Length:0.0} % right, the same answer for {same} of {scores.Length}, largest distance of scores {largest:0.0e+0}"));
                return largest;
            }
        }
    }

    private static float[][] Scores(IDataView data, string column) => [.. data.GetColumn<float[]>(column)];
}
