using MLClassify;
using MLClassify.Imaging;
using MLClassify.Networks.Weights;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: NativeAot MODEL IMAGE...");
    return 2;
}

try
{
    using ImageClassifier classifier = ImageClassifier.Load(args[0]);
    foreach (string path in args.Skip(1))
    {
        Console.WriteLine($"{path}: {classifier.Predict(path)}");
    }

    return 0;
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidWeightsException or InvalidImageException or UnsupportedImageException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
