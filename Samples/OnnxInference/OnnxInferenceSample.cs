using System.CommandLine;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLClassify.Imaging;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles.Onnx;

namespace MLClassify.Samples.OnnxInference;

/// <summary>Exports a classifier to ONNX, scores images by ONNX Runtime, and compares with what the classifier itself says.</summary>
public static class OnnxInferenceSample
{
    /// <summary>How far two probabilities may lie apart.</summary>
    public const double Tolerance = 1e-4;

    /// <summary>Runs the sample.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <returns>0 where both agree, 1 where they do not or the work failed, 2 wrong usage, 130 ended early.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var model = Arguments.Path("MODEL", "A model file, such as the one that Samples/Flowers writes.");
        var data = Arguments.Path("IMAGES", "An image, or a folder of images at any depth.");
        var onnx = Arguments.Text("--onnx", "FILE", "Where the ONNX file goes. Default beside the model.");
        var images = Arguments.Number<int>("--images", "At most N images. Default 20.");
        var command = new RootCommand("Exports a classifier to ONNX and scores images by ONNX Runtime.") { model, data, onnx, images };
        return SampleHost.InvokeAsync(command, parsed => Task.Run(() => Compare(parsed), CancellationToken.None), args, output, error, cancellationToken);

        int Compare(ParseResult parsed)
        {
            using ImageClassifier classifier = ImageClassifier.Load(parsed.GetRequiredValue(model));
            string path = parsed.GetValue(onnx) ?? Path.ChangeExtension(parsed.GetRequiredValue(model), ".onnx");
            classifier.ExportOnnx(path, new OnnxExportOptions { Layout = OnnxLayout.Nhwc });
            output.WriteLine($"onnx: {path}");

            // Normalization is inside the file: what it takes is the image's bytes, resized and cropped.
            var preprocessor = new Preprocessor(classifier.Preprocessing with { Scale = 1, Mean = default, Std = new ChannelValues(1, 1, 1), ChannelOrder = ChannelOrder.Rgb });
            using var session = new InferenceSession(path);
            double largest = 0;
            int compared = 0;
            foreach (string file in Files(parsed.GetRequiredValue(data)).Take(parsed.GetValue(images) ?? 20))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var image = Image.Load(file);
                float[] scores = Score(session, preprocessor, image);
                Prediction own = classifier.Predict(image);
                double distance = scores.Zip(own.Scores, (a, b) => Math.Abs((double)a - b)).Max();
                largest = Math.Max(largest, distance);
                int best = Array.IndexOf(scores, scores.Max());
                output.WriteLine(FormattableString.Invariant($"{Path.GetFileName(file)}: ONNX Runtime {classifier.Labels[best]} {100 * scores[best]:0.0} %, MLClassify {own}"));
                compared++;
            }

            if (compared == 0)
            {
                throw new FileNotFoundException($"there are no images in '{parsed.GetRequiredValue(data)}'");
            }

            output.WriteLine(FormattableString.Invariant($"largest distance of {compared} images: {largest:0.0e+0}; allowed {Tolerance:0.0e+0}"));
            return largest <= Tolerance ? 0 : 1;
        }
    }

    private static float[] Score(InferenceSession session, Preprocessor preprocessor, Image image)
    {
        var input = new DenseTensor<float>([1, preprocessor.Size, preprocessor.Size, 3]);
        preprocessor.Apply(image, input.Buffer.Span);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor("input", input)]);
        return [.. outputs[0].AsEnumerable<float>()];
    }

    private static IEnumerable<string> Files(string path)
    {
        string[] extensions = [".jpg", ".jpeg", ".png", ".bmp"];
        return Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(file => extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)
            : [path];
    }
}
