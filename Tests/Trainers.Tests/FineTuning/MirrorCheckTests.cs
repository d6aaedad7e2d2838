using System.Formats.Tar;
using System.Text.Json;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Models;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Trainers.Tests.FineTuning;

// Wedges that point left or right, and disks and frames, which are the same mirrored.
public sealed class MirrorCheckTests : IDisposable
{
    private static readonly FineTuneOptions Small = new()
    {
        Backbone = TinyNetwork.Name,
        Weights = WeightSelection.None,
        BatchSize = 8,
        Epochs = 1,
        Compute = new() { Threads = 2 },
    };

    // Three by five dots.
    private static readonly string[] Dots =
    [
        "111101101101111", "010010010010010", "111001111100111", "111001011001111", "101101111001001",
        "111100111001111", "111100111101111", "111001010010010", "111101111101111", "111101111001111",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("left", "right", true)]
    [InlineData("disk", "frame", false)]
    [InlineData("up", "frame", false)]
    public async Task FitAsync_NothingAsked_MirrorsWhatStaysInItsClass(string first, string second, bool isOff)
    {
        (ImageDataset train, ImageDataset validation) = Paint(first, second);
        using TrainingResult result = await new FineTuneTrainer(Small).FitAsync(train, validation);
        Assert.Equal(isOff ? Mirroring.Off : Mirroring.Measured, result.Options.Mirroring);
        Assert.Equal(isOff ? "crop" : "standard", result.Options.Augmentation!.Name);
        Assert.Equal(isOff ? 1 : 0, result.Warnings.Count(warning => warning.StartsWith("Images are not mirrored in training: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true, "arrow-left", "arrow-right")]
    [InlineData(true, "digit-2", "digit-3", "digit-4", "digit-5", "digit-6", "digit-7")]
    [InlineData(false, "digit-0", "digit-1", "digit-8")]
    public void Run_AnyColorsAndPlaces_FiresWhereLeftAndRightTell(bool isOff, params string[] classes)
    {
        string? reason = Check(Paint(classes).Train);
        Assert.Equal(isOff, reason is not null);
    }

    [DataFact]
    public void Run_Photos_StaysSilent()
    {
        foreach (string archive in new[] { "flower_photos.tar", "pets3.tar" })
        {
            Unpack(archive);
            string root = _folder[archive];
            string data = Directory.GetDirectories(root) is [var only] ? only : root;
            Assert.Null(Check(ImageFolder.Open(data).Dataset));
        }
    }

    private static string? Check(ImageDataset images)
    {
        FineTuneOptions options = Small.Resolve();
        using TrainedModel network = FineTuneNetwork.Create(options, images.ClassNames, start: null, sampleMaximum: null);
        return MirrorCheck.Run(network, options, images, CancellationToken.None);
    }

    // The first files of each class.
    private void Unpack(string archive)
    {
        using FileStream file = File.OpenRead(SharedData.Path(archive));
        using var reader = new TarReader(file);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.GetNextEntry() is { } entry)
        {
            string folder = Path.GetDirectoryName(entry.Name) ?? "";
            if (entry.Name.EndsWith(".jpg", StringComparison.Ordinal) && (counts[folder] = counts.GetValueOrDefault(folder) + 1) <= 100)
            {
                string to = _folder[$"{archive}/{entry.Name}"];
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                entry.ExtractToFile(to, overwrite: false);
            }
        }
    }

    [Fact]
    public async Task FitAsync_Asked_DoesAsAsked()
    {
        (ImageDataset train, ImageDataset validation) = Paint("left", "right");
        foreach (FineTuneOptions asked in new[] { Small with { Mirroring = Mirroring.On }, Small with { Augmentation = AugmentationPolicy.Flip } })
        {
            using TrainingResult result = await new FineTuneTrainer(asked).FitAsync(train, validation);
            Assert.Equal(Mirroring.On, result.Options.Mirroring);
            Assert.Contains(result.Options.Augmentation!.Geometric, step => step is RandomHorizontalFlip);
        }

        Assert.Equal("none", (Small with { Mirroring = Mirroring.Off, Augmentation = AugmentationPolicy.Flip }).Resolve().Augmentation!.Name);
        Assert.Equal(Mirroring.Measured, (Small with { Mirroring = Mirroring.Measured, Augmentation = AugmentationPolicy.Flip }).Resolve().Mirroring);
    }

    [Fact]
    public void Mirroring_InAFile_IsKeptAndOnWhereItIsNot()
    {
        string json = JsonSerializer.Serialize(Small.Resolve());
        Assert.Equal(Mirroring.Measured, JsonSerializer.Deserialize<FineTuneOptions>(json)!.Resolve().Mirroring);

        // As written before there was a choice.
        string before = json.Replace(",\"mirroring\":\"measured\"", "", StringComparison.Ordinal);
        Assert.NotEqual(json, before);
        Assert.Equal(Mirroring.On, JsonSerializer.Deserialize<FineTuneOptions>(before)!.Resolve().Mirroring);
    }

    private (ImageDataset Train, ImageDataset Validation) Paint(params string[] classes)
    {
        var random = new Random(3);
        foreach (string name in classes)
        {
            Directory.CreateDirectory(_folder[$"data/{name}"]);
            for (int i = 0; i < 40; i++)
            {
                ImageEncoder.Save(_folder[$"data/{name}/{i}.png"], Paint(name, random));
            }
        }

        return ImageFolder.Open(_folder["data"]).Split(0.2);
    }

    private static Image Paint(string shape, Random random)
    {
        var image = new Image(32, 32);
        int ground = shape.Contains('-', StringComparison.Ordinal) ? random.Next(30, 240) : 60;
        int light = ground == 60 ? random.Next(150, 256) : (ground + random.Next(60, 190)) % 256;
        double centerX = 16 + random.Next(-3, 4);
        double centerY = 16 + random.Next(-3, 4);
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            double x = (i / 3 % 32) - centerX;
            double y = (i / 96) - centerY;
            bool isInside = shape switch
            {
                "left" => Math.Abs(y) < (x + 10) / 2 && x < 10,
                "right" => Math.Abs(y) < (10 - x) / 2 && x > -10,
                "arrow-left" => (Math.Abs(y) < 2 && Math.Abs(x) < 10) || (Math.Abs(y) < x + 10 && x < -2),
                "arrow-right" => (Math.Abs(y) < 2 && Math.Abs(x) < 10) || (Math.Abs(y) < 10 - x && x > 2),
                _ when shape.StartsWith("digit", StringComparison.Ordinal) => Math.Abs(x) < 6 && Math.Abs(y) < 10 && Dots[shape[^1] - '0'][((int)((y + 10) / 4) * 3) + (int)((x + 6) / 4)] == '1',
                "up" => Math.Abs(x) < (y + 10) / 2 && y < 10,
                "disk" => (x * x) + (y * y) < 70,
                _ => Math.Max(Math.Abs(x), Math.Abs(y)) is > 6 and < 10,
            };
            image.Pixels[i] = (byte)Math.Clamp((isInside ? light : ground) + random.Next(-20, 21), 0, 255);
        }

        return image;
    }
}
