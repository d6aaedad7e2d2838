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

    private protected override IRowOutput CreateOutput(DataViewRow row, ImageColumnReader reader) => new VectorOutput(_preprocessor.ValueCount, row, reader, Write);

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

    private void Write(Image image, Span<float> values)
    {
        if (Layout == PixelLayout.HeightWidthChannels)
        {
            _preprocessor.Apply(image, values);
            return;
        }

        float[] pixels = new float[values.Length];
        _preprocessor.Apply(image, pixels);
        int plane = values.Length / 3;
        for (int i = 0; i < values.Length; i++)
        {
            values[i % 3 * plane + i / 3] = pixels[i];
        }
    }
}
