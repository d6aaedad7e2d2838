using System.Collections.ObjectModel;
using MLClassify.Datasets;

namespace MLClassify;

/// <summary>Labeled image files and the names of their classes: what is trained or evaluated on. Immutable.</summary>
public sealed partial class ImageDataset
{
    /// <summary>Checks and copies the parts.</summary>
    /// <param name="classNames">The classes' names in the order of their labels; distinct, not empty.</param>
    /// <param name="samples">The images.</param>
    /// <exception cref="ArgumentException">A name is empty or repeated, or a label is not that of a class.</exception>
    public ImageDataset(IEnumerable<string> classNames, IEnumerable<ImageSample> samples)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(samples);
        ClassNames = new ReadOnlyCollection<string>([.. classNames]);
        Samples = new ReadOnlyCollection<ImageSample>([.. samples]);
        CheckNames(ClassNames, nameof(classNames));
        foreach (ImageSample sample in Samples)
        {
            if ((uint)sample.Label >= (uint)ClassNames.Count)
            {
                throw new ArgumentException(
                    $"{sample.Path} has label {sample.Label}, but there are {ClassNames.Count} classes.", nameof(samples));
            }
        }
    }

    /// <summary>The classes' names; a label is an index into them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The images.</summary>
    public IReadOnlyList<ImageSample> Samples { get; }

    /// <summary>In words, which images of a larger set these are, where a split made them; null where none did.</summary>
    internal string? SplitRule { get; init; }

    /// <summary>How many images there are.</summary>
    public int Count => Samples.Count;

    /// <summary>How many images each class has, by label.</summary>
    public int[] CountPerClass()
    {
        int[] counts = new int[ClassNames.Count];
        foreach (ImageSample sample in Samples)
        {
            counts[sample.Label]++;
        }

        return counts;
    }

    /// <summary>The same images, labeled for other class names: a model's own order, for instance, to evaluate it here.</summary>
    /// <param name="classNames">The new classes; they contain the name of every class that has images here.</param>
    /// <exception cref="InvalidDatasetException">A class with images is not among the new ones.</exception>
    /// <exception cref="ArgumentException">A new name is empty or repeated.</exception>
    public ImageDataset WithClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        CheckNames(classNames, nameof(classNames));
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < classNames.Count; i++)
        {
            labels.Add(classNames[i], i);
        }

        int[] counts = CountPerClass();
        string[] unknown = [.. ClassNames.Where((name, label) => counts[label] > 0 && !labels.ContainsKey(name))];
        if (unknown.Length > 0)
        {
            throw new InvalidDatasetException(
                $"The dataset has classes that are not expected: {NameList.Join(unknown)}; expected only {NameList.Join(classNames)}.");
        }

        return new ImageDataset(classNames, Samples.Select(sample => sample with { Label = labels[ClassNames[sample.Label]] })) { SplitRule = SplitRule };
    }

    /// <summary>The images of some classes alone, with these classes in the given order: those that a model knows, for instance, of a folder with more.</summary>
    /// <param name="classNames">The classes' names; those that the dataset does not have have no images.</param>
    /// <exception cref="ArgumentException">A name is empty or repeated.</exception>
    public ImageDataset OnlyClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        HashSet<string> known = [.. classNames];
        return new ImageDataset(ClassNames, Samples.Where(sample => known.Contains(ClassNames[sample.Label]))) { SplitRule = SplitRule }.WithClasses(classNames);
    }

    /// <summary>A smaller dataset with at most the given number of images per class, the first by path. The classes stay.</summary>
    /// <param name="imagesPerClass">How many; at least 1.</param>
    /// <returns>In order of class and path.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public ImageDataset TakePerClass(int imagesPerClass)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(imagesPerClass, 1);
        return new ImageDataset(ClassNames, Samples
            .GroupBy(sample => sample.Label)
            .OrderBy(group => group.Key)
            .SelectMany(group => group.OrderBy(sample => sample.Path, StringComparer.Ordinal).Take(imagesPerClass)));
    }

    /// <summary>How many images, and of which classes: <c>24 images in 3 classes (blue, green, red)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Count} images in {ClassNames.Count} classes ({NameList.Join(ClassNames)})");

    private static void CheckNames(IReadOnlyList<string> names, string parameter)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            if (string.IsNullOrEmpty(name))
            {
                throw new ArgumentException("A class name is empty.", parameter);
            }

            if (!seen.Add(name))
            {
                throw new ArgumentException($"The class name '{name}' occurs twice.", parameter);
            }
        }
    }
}
