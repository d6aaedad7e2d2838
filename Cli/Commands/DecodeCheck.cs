using System.Diagnostics.CodeAnalysis;
using MLClassify.Cli.Output;
using MLClassify.Imaging;

namespace MLClassify.Cli.Commands;

/// <summary>Opens images to find those that cannot be.</summary>
internal static class DecodeCheck
{
    /// <summary>Decodes every image.</summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Cancels the work between files.</param>
    /// <returns>Those that cannot be decoded, in the given order, with the reason.</returns>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "decodes files; each item writes its own place")]
    public static IReadOnlyList<SkippedFile> Run(IEnumerable<ImageSample> images, CancellationToken cancellationToken)
    {
        ImageSample[] samples = [.. images];
        var found = new SkippedFile?[samples.Length];
        Parallel.For(0, samples.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            try
            {
                samples[i].LoadImage();
            }
            catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
            {
                found[i] = new SkippedFile(samples[i].Path, ErrorReport.ReasonOf(e));
            }
        });
        return [.. found.OfType<SkippedFile>()];
    }
}
