using MLClassify.Imaging;

namespace MLClassify.Datasets;

/// <summary>A class none of whose images can be read: nothing can be learned of it.</summary>
/// <param name="Name">The class.</param>
/// <param name="Images">How many images it has.</param>
/// <param name="First">The first of them, and why.</param>
internal sealed record UnreadableClass(string Name, int Images, SkippedFile First)
{
    /// <summary>Looks for such classes. Of each class images are decoded until one can be, the first by path.</summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellationToken">Cancels the work between images.</param>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public static IReadOnlyList<UnreadableClass> Find(ImageDataset images, CancellationToken cancellationToken)
    {
        var found = new List<UnreadableClass>();
        foreach (IGrouping<int, ImageSample> own in images.Samples.GroupBy(sample => sample.Label).OrderBy(own => own.Key))
        {
            SkippedFile? first = null;
            foreach (ImageSample sample in own.OrderBy(sample => sample.Path, StringComparer.Ordinal))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Problem(sample) is not { } problem)
                {
                    first = null;
                    break;
                }

                first ??= new SkippedFile(sample.Path, problem);
            }

            if (first is not null)
            {
                found.Add(new UnreadableClass(images.ClassNames[own.Key], own.Count(), first));
            }
        }

        return found;
    }

    /// <summary>A sentence on it.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"none of the {Images} images of {Name} can be read; the first is {First.Path}: {First.Reason}");

    private static string? Problem(ImageSample sample)
    {
        try
        {
            _ = sample.LoadImage();
            return null;
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
        {
            return ImageErrors.Reason(e);
        }
    }
}
