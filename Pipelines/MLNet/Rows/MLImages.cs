using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;

namespace MLClassify.MLNet;

/// <summary>
/// ML.NET's <c>MLImage</c>. It is in Microsoft.ML.ImageAnalytics, a package with native libraries that this one does without; who has such
/// columns has the package, so the type is known by its name and read through its public properties, here alone.
/// </summary>
internal static class MLImages
{
    private const string TypeName = "Microsoft.ML.Data.MLImage";

    /// <summary>Whether values of this type are images.</summary>
    public static bool IsImage(DataViewType type) => type is StructuredDataViewType && type.RawType.FullName == TypeName;

    /// <summary>Makes a reader of such a column.</summary>
    public static ImageInput CreateInput(DataViewRow row, DataViewSchema.Column column, int slots) =>
        (ImageInput)Activator.CreateInstance(typeof(MLImageInput<>).MakeGenericType(column.Type.RawType), row, column, slots)!;
}

/// <summary>Reads a column of <c>MLImage</c>.</summary>
/// <typeparam name="TImage">That type.</typeparam>
internal sealed class MLImageInput<TImage> : ImageInput
    where TImage : class
{
    // MLPixelFormat.Bgra32; what remains is Rgba32.
    private const int BlueFirst = 1;
    private const int BytesPerPixel = 4;

    private static readonly PropertyInfo Format = Property("PixelFormat");
    private static readonly Func<TImage, int> Width = Property("Width").GetMethod!.CreateDelegate<Func<TImage, int>>();
    private static readonly Func<TImage, int> Height = Property("Height").GetMethod!.CreateDelegate<Func<TImage, int>>();
    private static readonly PixelsGetter Pixels = Property("Pixels").GetMethod!.CreateDelegate<PixelsGetter>();

    private readonly ValueGetter<TImage?> _getter;
    private readonly Image?[] _images;
    private readonly Exception?[] _errors;

    // Getters dispose of the image that they are given, so it is always the last one of theirs.
    private TImage? _value;

    public MLImageInput(DataViewRow row, DataViewSchema.Column column, int slots)
    {
        _getter = row.GetGetter<TImage?>(column);
        _images = new Image?[slots];
        _errors = new Exception?[slots];
    }

    private delegate ReadOnlySpan<byte> PixelsGetter(TImage image);

    public override void Fetch(int slot)
    {
        _images[slot]?.Return();
        (_images[slot], _errors[slot]) = (null, null);
        try
        {
            _getter(ref _value);
            _images[slot] = Convert(_value ?? throw new IOException("there is no image"));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            _errors[slot] = e;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // So ML.NET says that a file holds no image, and that an image was disposed of or could not be resized.
            _errors[slot] = new IOException(e.Message, e);
        }
        catch (Exception e)
        {
            _errors[slot] = e;
        }
    }

    public override Image Decode(int slot)
    {
        if (_errors[slot] is { } error)
        {
            throw error;
        }

        Image image = _images[slot]!;
        _images[slot] = null;
        return image;
    }

    private static Image Convert(TImage source)
    {
        int width = Width(source);
        int height = Height(source);
        ReadOnlySpan<byte> pixels = Pixels(source);
        int stride = pixels.Length / height;
        int red = System.Convert.ToInt32(Format.GetValue(source), null) == BlueFirst ? 2 : 0;
        Image image = Image.Rent(width, height);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> from = pixels.Slice(y * stride, width * BytesPerPixel);
            Span<byte> to = image.Row(y);
            for (int x = 0; x < width; x++)
            {
                to[(3 * x) + 2] = from[(BytesPerPixel * x) + 2 - red];
                to[(3 * x) + 1] = from[(BytesPerPixel * x) + 1];
                to[3 * x] = from[(BytesPerPixel * x) + red];
            }
        }

        return image;
    }

    private static PropertyInfo Property(string name) => typeof(TImage).GetProperty(name)
        ?? throw new NotSupportedException($"{typeof(TImage).Assembly.GetName()} has no {typeof(TImage).Name}.{name}, by which images are read.");
}
