using MLClassify.Trainers;

namespace MLClassify.MLNet;

/// <summary>How the images of a search are measured: in folds, or on one held-out part; stratified, the same for all trials.</summary>
/// <param name="Parts">For each training what it learns from and what it is measured on.</param>
/// <param name="Measure">What that is, in words.</param>
internal sealed record SearchParts(IReadOnlyList<(int[] Train, int[] HeldOut)> Parts, string Measure)
{
    /// <summary>From so many images on a part of them says enough.</summary>
    private const int ManyImages = 2000;

    private const int DefaultFolds = 5;

    /// <summary>Draws the parts.</summary>
    public static SearchParts Draw(SearchImages images, ImageSearchOptions options, long seed)
    {
        int count = images.Labels.Length;
        int folds = options.Folds ?? (count < ManyImages ? DefaultFolds : 0);
        string what = FormattableString.Invariant($"{count} images in {images.Labels.Distinct().Count()} classes");
        if (folds == 0)
        {
            bool[] heldOut = StratifiedRows.Draw([.. images.Labels.Select(label => (uint)label + 1)], options.ValidationFraction, seed);
            (int[] Train, int[] HeldOut) part = Part(images, image => heldOut[image]);
            Check(part.HeldOut.Length, images);
            return new SearchParts([part], FormattableString.Invariant($"{what}; every trial was measured on the same {part.HeldOut.Length}, which it was not trained on"));
        }

        // The only image of a class is in no fold: without it the class could not be learned.
        int[] assigned = HeadFolds.Assign(images.Labels, images.ClassNames.Count, folds, seed);
        (int[] Train, int[] HeldOut)[] parts = [.. Enumerable.Range(0, folds).Select(fold => Part(images, image => assigned[image] == fold)).Where(part => part.HeldOut.Length > 0)];
        Check(parts.Sum(part => part.HeldOut.Length), images);
        return new SearchParts(parts, FormattableString.Invariant($"{what}; every trial was measured on {parts.Sum(part => part.HeldOut.Length)} of them, in {parts.Length} folds"));
    }

    private static void Check(int heldOut, SearchImages images)
    {
        if (heldOut == 0)
        {
            throw new InvalidDatasetException(FormattableString.Invariant(
                $"There is nothing to measure by: none of {images.Labels.Distinct().Count()} classes has more than one image."));
        }
    }

    private static (int[] Train, int[] HeldOut) Part(SearchImages images, Func<int, bool> isHeldOut) =>
        ([.. images.All.Where(image => !isHeldOut(image))], [.. images.All.Where(isHeldOut)]);
}
