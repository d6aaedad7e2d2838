using MLClassify.Samples.Cifar10;
using MLClassify.Samples.Flowers;
using MLClassify.Samples.OxfordPets;

namespace MLClassify.Samples.Tests;

/// <summary>The three samples that fine-tune a network.</summary>
public sealed class FineTuneSampleTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task Flowers_EmbeddedWeights_PrintsFiguresAndSavesAModel()
    {
        SampleRun run = await SampleRun.Of(FlowersSample.RunAsync, _images.Root, "--weights", "embedded", "--split-every", "4", "--epochs", "20", "--out", _images[".out"]);
        Assert.Equal(1, run.AssertReport(6, "blue", "green", "red"));
        Assert.Contains("its head, from embedded: 3 classes, 18 training images, 6 held out", run.Output);
        Assert.Contains("epoch 20/20", run.Output);
        Assert.Contains("<html", File.ReadAllText(run.File("report")));
        using ImageClassifier model = ImageClassifier.Load(run.File("model"));
        Assert.Equal("red", model.Predict(_images["red/0.png"]).Label);
    }

    [Fact]
    public async Task OxfordPets_AsPublished_LearnsAndMeasuresWhatTheAuthorsSay()
    {
        string folder = PublishedPets.Write(_images);
        SampleRun run = await SampleRun.Of(OxfordPetsSample.RunAsync, folder, "--weights", "embedded", "--split", "0.2", "--epochs", "20", "--out", _images[".out"]);
        run.AssertReport(4, "great_dane", "pug");
        Assert.Contains("2 classes, 10 training images, 2 held out", run.Output);
        Assert.Contains("measured on the authors' test images", run.Output);
        using ImageClassifier model = ImageClassifier.Load(run.File("model"));
        Assert.Equal(["great_dane", "pug"], model.Labels);
    }

    [Fact]
    public async Task OxfordPets_AsDownloaded_MeasuresTheTestImages()
    {
        foreach ((string part, int from) in ((string, int)[])[("train", 0), ("test", 6)])
        {
            foreach (string breed in (string[])["blue", "red"])
            {
                Directory.CreateDirectory(_images[$".pets/{part}/{breed}"]);
                foreach (string file in Directory.GetFiles(_images[breed]).Order(StringComparer.Ordinal).Skip(from).Take(from == 0 ? 6 : 2))
                {
                    File.Copy(file, _images[$".pets/{part}/{breed}/{Path.GetFileName(file)}"]);
                }
            }
        }

        SampleRun run = await SampleRun.Of(OxfordPetsSample.RunAsync, _images[".pets"], "--weights", "embedded", "--images-per-class", "5", "--out", _images[".out"]);
        run.AssertReport(4, "blue", "red");
        Assert.Contains("2 classes, 8 training images, 2 held out", run.Output);
        Assert.Contains("measured on the authors' test images", run.Output);
    }

    [Fact]
    public async Task OxfordPets_NoPets_SaysWhatIsExpected()
    {
        Directory.CreateDirectory(_images[".pets/images"]);
        SampleRun run = await SampleRun.Of(OxfordPetsSample.RunAsync, _images[".pets"], "--weights", "embedded");
        Assert.Equal(1, run.Code);
        Assert.Contains("expected files such as Abyssinian_1.jpg", Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task Cifar10_NetworkFor32Pixels_LearnsFromScratchByTheRecipe()
    {
        SampleRun run = await SampleRun.Of(
            Cifar10Sample.RunAsync, _images.Root, "--split-every", "4", "--epochs", "1", "--batch-size", "8", "--image-size", "16", "--out", _images[".out"]);
        run.AssertReport(6, "blue", "green", "red");
        Assert.Contains("cifar_resnet20, all of it, from scratch", run.Output);
        using ImageClassifier model = ImageClassifier.Load(run.File("model"));
        Assert.Equal(16, model.Preprocessing.CropSize);
    }

    [Theory]
    [InlineData("flowers")]
    [InlineData("oxford-pets")]
    [InlineData("cifar10")]
    public async Task Sample_NoSuchFolder_SaysHowToGetTheData(string dataset)
    {
        SampleRun run = await SampleRun.Of(Sample(dataset), _images["nowhere"]);
        Assert.Equal(1, run.Code);
        Assert.Equal($"error: there is no folder '{_images["nowhere"]}'; 'mlclassify data download {dataset}' gets the images", run.Error.Trim());
    }

    [Theory]
    [InlineData("unknown option '--epoch'", "--epoch", "3")]
    [InlineData("--epochs: expected a number, got 'many'", "--epochs", "many")]
    [InlineData("Epochs is 0; it must be at least 1", "--epochs", "0", "--weights", "embedded")]
    [InlineData("--unfreeze: expected head or all, got 'some'", "--unfreeze", "some", "--weights", "embedded")]
    [InlineData("resnet51", "--backbone", "resnet51", "--weights", "none")]
    [InlineData("validation fraction", "--split", "2", "--weights", "embedded")]
    public async Task Sample_WrongArguments_SaysWhatInOneLine(string expected, params string[] args)
    {
        SampleRun run = await SampleRun.Of(FlowersSample.RunAsync, [_images.Root, "--out", _images[".out"], .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task Sample_NoWeightFile_SaysWhatWeightsCanBe()
    {
        SampleRun run = await SampleRun.Of(FlowersSample.RunAsync, _images.Root, "--out", _images[".out"], "--weights", "embeded");
        Assert.Equal(1, run.Code);
        Assert.Contains("There is no weight file 'embeded'; perhaps embedded", Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task Sample_NoArguments_SaysWhatIsMissing()
    {
        SampleRun run = await SampleRun.Of(FlowersSample.RunAsync);
        Assert.Equal(2, run.Code);
        Assert.StartsWith("error: ", run.Error);
        Assert.Contains("(see --help)", run.Error);
    }

    [Fact]
    public async Task Sample_Help_NamesEveryOption()
    {
        SampleRun run = await SampleRun.Of(FlowersSample.RunAsync, "--help");
        Assert.Equal(0, run.Code);
        Assert.All((string[])["DATA", "--backbone", "--weights", "--epochs", "--images-per-class", "--out"], name => Assert.Contains(name, run.Output));
    }

    [DataFact]
    public async Task Flowers_SliceOfTheFlowers_IsBetterThanChance()
    {
        using var slice = new PhotoSlice("flower_photos.tar", 20);
        SampleRun run = await SampleRun.Of(
            FlowersSample.RunAsync, slice["flower_photos"], "--weights", "embedded", "--split-every", "4", "--images-per-class", "16", "--out", slice["out"]);

        // Chance is 0.2; 20 images have a standard error of about a tenth.
        Assert.InRange(run.AssertReport(20, "daisy", "dandelion", "roses", "sunflowers", "tulips"), 0.4, 1);
        using ImageClassifier model = ImageClassifier.Load(run.File("model"));
        Assert.Equal(5, model.Labels.Count);
    }

    [DataFact]
    public async Task OxfordPets_SliceOfThreeBreeds_PrintsFigures()
    {
        using var slice = new PhotoSlice("pets3.tar", 16);
        SampleRun run = await SampleRun.Of(OxfordPetsSample.RunAsync, slice["pets3"], "--weights", "embedded", "--split-every", "4", "--out", slice["out"]);
        run.AssertReport(12, [.. Directory.GetDirectories(slice["pets3"]).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)]);
        Assert.Contains("measured on the held-out images", run.Output);
    }

    [DataFact]
    public async Task Cifar10_PublishedWeights_KnowTheSlice()
    {
        using var slice = new PhotoSlice("cifar10_jpeg.tar.gz", 10);
        SampleRun run = await SampleRun.Of(
            Cifar10Sample.RunAsync, slice.Root, "--weights", SharedData.Path("weights", "cifar_resnet20.th"), "--epochs", "3", "--out", _images[".out"]);

        // The head goes on from the published one, which knows these lossy images to about 80 %.
        Assert.InRange(run.AssertReport(100, "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"), 0.5, 1);
        Assert.Contains("cifar_resnet20, its head, from cifar_resnet20.th", run.Output);
    }

    private static Func<string[], TextWriter, TextWriter, CancellationToken, Task<int>> Sample(string dataset) => dataset switch
    {
        "flowers" => FlowersSample.RunAsync,
        "oxford-pets" => OxfordPetsSample.RunAsync,
        _ => Cifar10Sample.RunAsync,
    };
}
