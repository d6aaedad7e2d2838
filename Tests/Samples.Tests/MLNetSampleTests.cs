using MLClassify.Samples.MLNetCifar10;
using MLClassify.Samples.MLNetFlowers;
using MLClassify.Samples.MLNetOxfordPets;

namespace MLClassify.Samples.Tests;

/// <summary>The samples that are ML.NET programs, one a data set.</summary>
public sealed class MLNetSampleTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 10);

    public void Dispose() => _images.Dispose();

    [Theory]
    [InlineData("--split", "0.2", 2)]
    [InlineData("--split-every", "5", 0)]
    public async Task Flowers_Colors_MeasuresSavesAndPredicts(string split, string value, int folds)
    {
        SampleRun run = await SampleRun.Of(
            MLNetFlowersSample.RunAsync, _images.Root, "--weights", "embedded", split, value, "--folds", $"{folds}", "--out", _images[".out"]);

        Assert.Equal(1, run.AssertReport(6, "blue", "green", "red"));
        Assert.Contains("its head, from embedded", run.Output);
        Assert.Contains("ML.NET: micro accuracy 1.000", run.Output);
        Assert.Contains("<html", File.ReadAllText(run.File("report")));
        Assert.True(File.Exists(run.File("model")));
        Assert.Contains("flowers.zip says of 0.png: blue ", run.Output);
        Assert.Equal(folds, run.Output.Split('\n').Count(line => line.StartsWith("fold ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Flowers_ImagesPerClass_TakesSoMany()
    {
        SampleRun run = await SampleRun.Of(
            MLNetFlowersSample.RunAsync, _images.Root, "--weights", "embedded", "--images-per-class", "4", "--split", "0.5", "--out", _images[".out"]);
        run.AssertReport(6, "blue", "green", "red");
    }

    [Fact]
    public async Task Flowers_AlexNet_LearnsFromScratch()
    {
        SampleRun run = await SampleRun.Of(
            MLNetFlowersSample.RunAsync, _images.Root, "--trainer", "alexnet", "--epochs", "1", "--images-per-class", "4", "--split", "0.5", "--out", _images[".out"]);
        run.AssertReport(6, "blue", "green", "red");
        Assert.Contains("alexnet_half, all of it, from scratch", run.Output);
        Assert.Contains("epoch 1/1", run.Output);
    }

    [Theory]
    [InlineData("sdca")]
    [InlineData("lbfgs")]
    public async Task OxfordPets_AsPublished_MeasuresTheAuthorsTestImages(string trainer)
    {
        SampleRun run = await SampleRun.Of(
            MLNetOxfordPetsSample.RunAsync, PublishedPets.Write(_images), "--trainer", trainer, "--weights", "embedded", "--out", _images[".out"]);

        Assert.Equal(1, run.AssertReport(4, "great_dane", "pug"));
        Assert.Contains("measured on the authors' test images", run.Output);
        Assert.Contains("pets.zip says of ", run.Output);
    }

    [Fact]
    public async Task OxfordPets_FolderOfBreeds_MeasuresWhatIsHeldOut()
    {
        SampleRun run = await SampleRun.Of(
            MLNetOxfordPetsSample.RunAsync, _images.Root, "--weights", "embedded", "--split-every", "5", "--out", _images[".out"]);

        Assert.Equal(1, run.AssertReport(6, "blue", "green", "red"));
        Assert.Contains("measured on the held-out images", run.Output);
    }

    [Theory]
    [InlineData("cifar_resnet20, all of it, from scratch", "--epochs", "1", "--batch-size", "8", "--image-size", "16")]
    [InlineData("", "--pixels")]
    public async Task Cifar10_TrainAndTest_MeasuresTheTestImages(string expected, params string[] args)
    {
        string folder = Parts();
        SampleRun run = await SampleRun.Of(MLNetCifar10Sample.RunAsync, [folder, "--out", _images[".out"], .. args]);

        run.AssertReport(9, "blue", "green", "red");
        Assert.Contains(expected, run.Output);
        Assert.Contains("cifar10.zip says of 0.png: ", run.Output);
    }

    [Theory]
    [InlineData("--trainer: expected fine-tune or alexnet, got 'guess'", "--trainer", "guess")]
    [InlineData("unknown option '--fold'", "--fold", "3")]
    [InlineData("not above 0 and below 1", "--split", "2", "--weights", "embedded")]
    public async Task Flowers_WrongArguments_SaysWhatInOneLine(string expected, params string[] args)
    {
        SampleRun run = await SampleRun.Of(MLNetFlowersSample.RunAsync, [_images.Root, "--out", _images[".out"], .. args]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Fact]
    public async Task OxfordPets_UnknownTrainer_SaysWhichThereAre()
    {
        SampleRun run = await SampleRun.Of(MLNetOxfordPetsSample.RunAsync, _images.Root, "--trainer", "guess", "--weights", "embedded");
        Assert.Equal(2, run.Code);
        Assert.Contains("expected sdca or lbfgs, got 'guess'", Assert.Single(run.Error.Trim().Split('\n')));
    }

    [Theory]
    [InlineData("flowers")]
    [InlineData("oxford-pets")]
    [InlineData("cifar10")]
    public async Task Sample_NoSuchFolder_SaysHowToGetTheData(string dataset)
    {
        SampleRun run = await SampleRun.Of(
            dataset switch { "flowers" => MLNetFlowersSample.RunAsync, "oxford-pets" => MLNetOxfordPetsSample.RunAsync, _ => MLNetCifar10Sample.RunAsync }, _images["nowhere"]);
        Assert.Equal(1, run.Code);
        Assert.Contains($"'mlclassify data download {dataset}' gets the images", Assert.Single(run.Error.Trim().Split('\n')));
    }

    [DataFact]
    public async Task Flowers_SliceOfTheFlowers_IsBetterThanChance()
    {
        using var slice = new PhotoSlice("flower_photos.tar", 16);
        SampleRun run = await SampleRun.Of(
            MLNetFlowersSample.RunAsync, slice["flower_photos"], "--weights", "embedded", "--split-every", "4", "--out", slice["out"]);

        // Chance is 0.2; 20 images have a standard error of about a tenth.
        Assert.InRange(run.AssertReport(20, "daisy", "dandelion", "roses", "sunflowers", "tulips"), 0.4, 1);
    }

    [DataFact]
    public async Task Cifar10_PublishedWeights_KnowTheSlice()
    {
        using var slice = new PhotoSlice("cifar10_jpeg.tar.gz", 10);
        SampleRun run = await SampleRun.Of(
            MLNetCifar10Sample.RunAsync, slice.Root, "--weights", SharedData.Path("weights", "cifar_resnet20.th"), "--out", _images[".out"]);

        // The published network knows these lossy images to about 80 %; its new head has 9 images of each class to learn from.
        Assert.InRange(run.AssertReport(100, "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"), 0.4, 1);
    }

    // 7 images of each color to learn from, 3 to measure on.
    private string Parts()
    {
        string folder = _images[".parts"];
        foreach (string color in (string[])["blue", "green", "red"])
        {
            foreach ((int i, string file) in Directory.GetFiles(_images[color]).Order(StringComparer.Ordinal).Index())
            {
                string target = Path.Combine(folder, i < 7 ? "train" : "test", color);
                Directory.CreateDirectory(target);
                File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
            }
        }

        return folder;
    }
}
