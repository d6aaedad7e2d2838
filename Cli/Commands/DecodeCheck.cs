using System.Diagnostics.CodeAnalysis;
using MLClassify.Imaging;

namespace MLClassify.Cli.Commands;

/// <summary>Opens pictures to find those that cannot be.</summary>
internal static class DecodeCheck
{
    /// <summary>Decodes every file.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="cancellationToken">Ends the work between files.</param>
    /// <returns>Those that cannot be decoded, in the given order, with the reason.</returns>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "decodes files; each item writes its own place")]
    public static IReadOnlyList<SkippedFile> Run(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        string[] files = [.. paths];
        var found = new SkippedFile?[files.Length];
        Parallel.For(0, files.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            try
            {
                Image.Load(files[i]);
            }
            catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
            {
                found[i] = new SkippedFile(files[i], e.Message);
            }
        });
        return [.. found.OfType<SkippedFile>()];
    }
}
