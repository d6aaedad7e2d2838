using System.Buffers.Binary;
using System.IO.Compression;
using MLClassify.Imaging;
using MLClassify.Preprocessing;
using MLClassify.Preprocessing.Loading;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

// Values of 8, 10, 12 and 16 bits in PNG files of 16.
public sealed class SampleRangeTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 3,
        Augmentation = "none",
        Compute = new() { Threads = 2 },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10, 1023)]
    [InlineData(12, 4095)]
    public async Task FitAsync_FewerBitsInSixteen_SeesWhatEightBitsShow(int bits, int maximum)
    {
        (ImageDataset train, ImageDataset validation) = Paint(bits).HoldOutEveryNth(2);
        using TrainingResult result = await new FineTuneTrainer(Small).FitAsync(train, validation);
        Assert.Equal(maximum, result.Model.Preprocessing.SampleMaximum);
        Assert.Single(result.Warnings, w => w.Contains($"use {bits} of them: {maximum} ", StringComparison.Ordinal));

        // The file carries the rule, and whoever decodes an image gives it to the same preprocessing.
        string file = _folder["model.safetensors"];
        result.Save(file);
        using ImageClassifier loaded = ImageClassifier.Load(file);
        Assert.Equal(maximum, loaded.Preprocessing.SampleMaximum);
        string path = validation.Samples[0].Path;
        float[] seen = Apply(loaded.Preprocessing, Image.Load(path));
        Assert.InRange(seen.Max(), 1.5, 3);
        Assert.Equal(result.Predict(path).Score, loaded.Predict(File.ReadAllBytes(path)).Score);

        // Another training from the model keeps it.
        using TrainingResult again = await new FineTuneTrainer(Small with { Backbone = null, InitialModel = file, Epochs = 1 }).FitAsync(train, validation);
        Assert.Equal(maximum, again.Model.Preprocessing.SampleMaximum);
    }

    [Fact]
    public void Find_AllBitsOrNone_IsNothing()
    {
        Assert.Null(SampleRange.Find(Paint(16).Dataset, 2));
        using var colors = new ColorImageFolder();
        Assert.Null(SampleRange.Find(ImageFolder.Open(colors.Root).Dataset, 2));
    }

    [Fact]
    public void Find_OneBrighterFile_IsTheFoldersRange()
    {
        ImageFolder folder = Paint(10);
        WritePng(folder.Dataset.Samples[5].Path, 4, 4, (_, _) => 4000);
        Assert.Equal(4095, SampleRange.Find(folder.Dataset, 2));
    }

    [Fact]
    public void Apply_OtherMaximum_ScalesAndClips()
    {
        string path = _folder["one.png"];
        WritePng(path, 2, 1, (x, _) => x == 0 ? 2048 : 60000);
        PreprocessingSpec spec = new PreprocessingSpec { Resize = ResizeRule.None, CropSize = 2, ResizeSize = 2, SampleMaximum = 4095 }.WithNormalization(Normalization.None);
        Assert.Equal(spec, PreprocessingSpec.FromJson(spec.ToJson()));
        float[] values = Apply(spec, Image.Load(path));
        float[] whole = Apply(spec with { SampleMaximum = 65535 }, Image.Load(path));
        Assert.Equal(128 / 255f, values[0], 5);
        Assert.Equal(1, values[3], 5);
        Assert.Equal(8 / 255f, whole[0], 5);
        Assert.Equal(234 / 255f, whole[3], 5);
        Assert.Throws<ArgumentException>(() => (spec with { SampleMaximum = 254 }).Validate());
    }

    private ImageFolder Paint(int bits)
    {
        foreach (int label in new[] { 0, 1 })
        {
            Directory.CreateDirectory(_folder[$"data/{label}"]);
            for (int i = 0; i < 8; i++)
            {
                int seed = (2 * i) + label;
                WritePng(_folder[$"data/{label}/{i}.png"], 40, 40, (x, y) => ((((x * 7) + (y * 13) + seed) % 200) + 56) << (bits - 8));
            }
        }

        return ImageFolder.Open(_folder["data"]);
    }

    // Grayscale of 16 bits, rows unfiltered.
    private static void WritePng(string path, int width, int height, Func<int, int, int> value)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 16;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                zlib.WriteByte(0);
                for (int x = 0; x < width; x++)
                {
                    int sample = value(x, y);
                    zlib.Write([(byte)(sample >> 8), (byte)sample]);
                }
            }
        }

        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, packed.ToArray());
        Chunk(file, "IEND"u8, []);
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> name, byte[] data)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. name, .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, SlowCrc32.Of(body));
        file.Write(number);
    }

    private static float[] Apply(PreprocessingSpec spec, Image image)
    {
        var preprocessor = new Preprocessor(spec);
        float[] input = new float[preprocessor.ValueCount];
        preprocessor.Apply(image, input);
        return input;
    }
}
