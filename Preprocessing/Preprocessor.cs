using System.Buffers;
using MLClassify.Common;
using MLClassify.Imaging;
using MLClassify.Imaging.Resizing;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing;

/// <summary>Carries out a <see cref="PreprocessingSpec"/>. Immutable: any number of threads may use one.</summary>
public sealed class Preprocessor
{
    private readonly Normalizer _normalizer;

    /// <summary>Checks and keeps the spec.</summary>
    /// <param name="spec">What to do.</param>
    /// <exception cref="ArgumentException">A value of the spec is outside its range.</exception>
    public Preprocessor(PreprocessingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        Spec = spec;
        _normalizer = new Normalizer(spec);
    }

    /// <summary>What is done.</summary>
    public PreprocessingSpec Spec { get; }

    /// <summary>Both sides of the output in pixels.</summary>
    public int Size => Spec.CropSize;

    /// <summary>Numbers in the output: <c>Size * Size * 3</c>.</summary>
    public int ValueCount => Size * Size * 3;

    /// <summary>Writes the image as the network wants it.</summary>
    /// <param name="image">The image, of any size and proportions; not changed.</param>
    /// <param name="destination">Receives <c>[Size, Size, 3]</c>, normalized; exactly <see cref="ValueCount"/> long.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void Apply(Image image, Span<float> destination) => Apply(image, default(ImageView), destination);

    /// <summary>Writes a view of the image as the network wants it.</summary>
    /// <param name="image">The image; not changed.</param>
    /// <param name="view">Which part, and which way round.</param>
    /// <param name="destination">Receives <c>[Size, Size, 3]</c>, normalized; exactly <see cref="ValueCount"/> long.</param>
    /// <exception cref="ArgumentException">The destination has another length, or the view's region lies outside the image.</exception>
    public void Apply(Image image, in ImageView view, Span<float> destination)
    {
        var random = default(CounterRandom);
        Apply(image, view, [], ref random, destination);
    }

    /// <summary>Writes a randomly changed image as the network wants it.</summary>
    /// <param name="image">The image; not changed.</param>
    /// <param name="augmentation">What is changed.</param>
    /// <param name="random">The random generator.</param>
    /// <param name="destination">Receives <c>[Size, Size, 3]</c>, normalized; exactly <see cref="ValueCount"/> long.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void Apply(Image image, AugmentationPolicy augmentation, ref CounterRandom random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(augmentation);
        var view = default(ImageView);
        (int width, int height) = ViewGeometry.Frame(image, Spec);
        for (int i = 0; i < augmentation.Geometric.Count; i++)
        {
            view = augmentation.Geometric[i].Apply(view, width, height, ref random);
        }

        if (view.Region is { } region && width + height != image.Width + image.Height)
        {
            view = view with { Region = ViewGeometry.FromFrame(region, image, Spec) };
        }

        Apply(image, view, augmentation.Pixel, ref random, destination);
    }

    private void Apply(
        Image image, in ImageView view, IReadOnlyList<IPixelAugmentation> steps, ref CounterRandom random, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        image = image.WithMaximum(Spec.SampleMaximum);
        if (destination.Length != ValueCount)
        {
            throw new ArgumentException(
                $"A {Size} x {Size} input needs {ValueCount} numbers, got {destination.Length}.", nameof(destination));
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(ValueCount);
        Span<byte> pixels = rented.AsSpan(0, ValueCount);
        ViewGeometry.Cut(image, Spec, view, pixels);
        if (view.FlipHorizontally)
        {
            ImageFlipper.FlipHorizontally(pixels, Size);
        }

        for (int i = 0; i < steps.Count; i++)
        {
            steps[i].Apply(pixels, Size, Size, ref random);
        }

        _normalizer.Apply(pixels, destination);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
