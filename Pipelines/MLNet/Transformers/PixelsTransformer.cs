using System.Buffers;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;
using MLClassify.Preprocessing;

namespace MLClassify.MLNet;

/// <summary>
/// Adds an image's normalized pixels: resized, cropped at the center, scaled, minus the mean, over the standard deviation. The column's type
/// has the three dimensions of its <see cref="PixelLayout"/>.
/// </summary>
public sealed class PixelsTransformer : ImageTransformer
{
    private readonly Preprocessor _preprocessor;

    internal PixelsTransformer(string imageColumnName, string outputColumnName, UnreadableImages unreadable, PixelLayout layout, PreprocessingSpec preprocessing)
        : base(imageColumnName, unreadable)
    {
        OutputColumnName = outputColumnName;
        Layout = layout;
        _preprocessor = new Preprocessor(preprocessing);
        Computation = new PixelsComputation(_preprocessor, layout);
    }

    /// <summary>The column with the pixels.</summary>
    public string OutputColumnName { get; }

    /// <summary>The order of the numbers.</summary>
    public PixelLayout Layout { get; }

    /// <summary>The preprocessing.</summary>
    public PreprocessingSpec Preprocessing => _preprocessor.Spec;

    internal static PixelsTransformer From(TransformerSettings settings)
    {
        try
        {
            PreprocessingSpec spec = PreprocessingSpec.FromJson(settings.Preprocessing ?? "");
            return new PixelsTransformer(settings.ImageColumn, settings.OutputColumn!, settings.Unreadable, settings.Layout.GetValueOrDefault(), spec);
        }
        catch (InvalidPreprocessingException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    /// <summary>The column that a transformer of these settings adds.</summary>
    internal static DataViewSchema.DetachedColumn Column(string name, PixelLayout layout, int size) => new(
        name,
        layout == PixelLayout.HeightWidthChannels
            ? new VectorDataViewType(NumberDataViewType.Single, size, size, 3)
            : new VectorDataViewType(NumberDataViewType.Single, 3, size, size));

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(DataViewSchema input) =>
        [Column(OutputColumnName, Layout, _preprocessor.Size)];

    private protected override ImageComputation Computation { get; }

    private protected override ArchivedTransformer Describe() => new(
        new TransformerSettings
        {
            Kind = TransformerKind.Pixels,
            ImageColumn = ImageColumnName,
            Unreadable = Unreadable,
            OutputColumn = OutputColumnName,
            Layout = Layout,
            Preprocessing = Preprocessing.ToJson(),
        },
        SaveModel: null);

    /// <summary>The prepared image, in the order that is asked for.</summary>
    private sealed class PixelsComputation(Preprocessor preprocessor, PixelLayout layout) : ImageComputation
    {
        public override int Size => preprocessor.Size;

        public override int OutputLength => 0;

        public override void Prepare(Image image, Span<float> input)
        {
            preprocessor.Apply(image, input);
            if (layout == PixelLayout.HeightWidthChannels)
            {
                return;
            }

            float[] pixels = ArrayPool<float>.Shared.Rent(input.Length);
            input.CopyTo(pixels);
            int plane = input.Length / 3;
            for (int i = 0; i < input.Length; i++)
            {
                input[i % 3 * plane + i / 3] = pixels[i];
            }

            ArrayPool<float>.Shared.Return(pixels);
        }

        public override void Compute(ReadOnlySpan<float> inputs, Span<float> outputs) => throw new InvalidOperationException("There is nothing to compute.");

        public override float[] ComputeOne(Image image)
        {
            float[] pixels = new float[preprocessor.ValueCount];
            Prepare(image, pixels);
            return pixels;
        }

        public override Delegate Getter(int added, IRowValues row) => VectorGetter(preprocessor.ValueCount, row);
    }
}
