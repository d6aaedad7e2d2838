using System.Diagnostics;
using MLClassify;
using MLClassify.Imaging;

const string Usage = "usage: NativeAot [--scores] MODEL IMAGE...";

bool isScores = args is ["--scores", ..];
string[] files = isScores ? args[1..] : args;
if (files.Length < 2)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

try
{
    using ImageClassifier classifier = ImageClassifier.Load(files[0]);
    foreach (string path in files.Skip(1))
    {
        Prediction prediction = classifier.Predict(path);
        Console.WriteLine($"{path}: {prediction}");
        foreach (ClassScore score in isScores ? prediction.Top(classifier.Labels.Count) : [])
        {
            Console.WriteLine(FormattableString.Invariant($"    {score.Label} {score.Score:R}"));
        }
    }

    TimeSpan sinceStart = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime;
    Console.Error.WriteLine(FormattableString.Invariant($"{sinceStart.TotalMilliseconds:0} ms since the process began"));
    return 0;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidWeightsException or InvalidImageException or UnsupportedImageException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
