using System.Diagnostics;
using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet.Tests;

public sealed class ModelArchiveTests(TrainedColors colors) : IClassFixture<TrainedColors>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReplaceImageClassifier_ModelThatLacksAClass_LeavesTheOneInPlace()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"];
        ImageDataset heldOut = ImageFolder.Open(colors.Images.Root).Dataset;
        ModelOperationsCatalog models = colors.Context.Model;
        Assert.Equal(ReplacementOutcome.First, (await models.ReplaceImageClassifierAsync(path, colors.Model, colors.Data.Schema, heldOut)).Outcome);
        IDataView two = colors.Context.Data.LoadFromEnumerable(colors.List().Where(row => row.Class != "red"));
        ITransformer fewer = colors.Pipeline().Fit(two);
        using var owned = (IDisposable)fewer;
        ImageDataset known = new(["blue", "green"], heldOut.Samples.Where(sample => sample.Label < 2));

        ReplacementResult kept = await models.ReplaceImageClassifierAsync(path, fewer, two.Schema, known);
        ReplacementResult forced = await models.ReplaceImageClassifierAsync(path, fewer, two.Schema, known, force: true);

        Assert.Equal((ReplacementOutcome.Kept, "red"), (kept.Outcome, Assert.Single(kept.LostClasses)));
        Assert.Equal((ReplacementOutcome.Replaced, folder["model.previous.zip"]), (forced.Outcome, forced.PreviousPath));
        using var now = (IDisposable)models.Load(path, out _);
        using var before = (IDisposable)models.Load(folder["model.previous.zip"], out _);
        using ImageClassifier inside = ImageClassifier.Load(path);
        Assert.Equal(["blue", "green"], inside.Labels);
    }

    [Fact]
    public async Task ReplaceImageClassifier_FileThatIsNoModel_ThrowsUnlessForced()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.zip"];
        File.WriteAllText(path, "garbage");
        ImageDataset heldOut = ImageFolder.Open(colors.Images.Root).Dataset;

        var error = await Assert.ThrowsAsync<InvalidWeightsException>(() => colors.Context.Model.ReplaceImageClassifierAsync(path, colors.Model, null, heldOut));
        Assert.StartsWith($"{path}: this is no model of ML.NET's", error.Message, StringComparison.Ordinal);
        Assert.Equal("garbage", File.ReadAllText(path));
        Assert.True((await colors.Context.Model.ReplaceImageClassifierAsync(path, colors.Model, null, heldOut, force: true)).IsInPlace);
    }

    [Fact]
    public void ImageClassifierLoad_ArchiveOfMLNets_ReadsTheModelInIt()
    {
        using var folder = new TemporaryFolder();
        colors.Context.Model.Save(colors.Model, colors.Data.Schema, folder["model.zip"]);
        ImageClassifier own = ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier;

        using ImageClassifier loaded = ImageClassifier.Load(folder["model.zip"]);

        string photo = colors.List()[0].ImagePath;
        Assert.Equal(own.Predict(photo).Scores, loaded.Predict(photo).Scores);
        System.IO.Compression.ZipFile.CreateFromDirectory(colors.Images["red"], folder["photos.zip"]);
        Assert.Contains("no image classifier", Assert.Throws<InvalidWeightsException>(() => ImageClassifier.Load(folder["photos.zip"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NewContext_GivesTheSameScoresAndSchema()
    {
        var context = new MLContext();
        ITransformer loaded = context.Model.Load(Save(), out DataViewSchema input);
        IDataView scored = loaded.Transform(colors.Rows(context));

        Assert.Equal("ImagePath", input["ImagePath"].Name);
        Assert.Equal(colors.Scored.Schema.Select(c => $"{c.Name} {c.Type} {c.Annotations}"), scored.Schema.Select(c => $"{c.Name} {c.Type} {c.Annotations}"));
        Assert.Equal(Program.Lines(colors.Scored), Program.Lines(scored));
        Assert.True(context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.9);
    }

    [Fact]
    public void Load_ContextThatNamesACard_TakesItOrSaysThatItIsNotThere()
    {
        string file = Save();
        var strict = new MLContext { GpuDeviceId = 57, FallbackToCpu = false };
        Exception error = Assert.ThrowsAny<Exception>(() => strict.Model.Load(file, out _));
        Assert.Contains("The device cuda:57 cannot be used", error.ToString(), StringComparison.Ordinal);

        var messages = new List<string>();
        var lenient = new MLContext { GpuDeviceId = 57, FallbackToCpu = true };
        lenient.Log += (_, e) => messages.Add(e.Message);
        using var loaded = (IDisposable)lenient.Model.Load(file, out _);
        Assert.Contains(messages, m => m.Contains("GpuDeviceId names cuda:57, which cannot be used", StringComparison.Ordinal) && m.Contains("FallbackToCpu", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_FreshProcess_GivesTheSameScores()
    {
        LabeledRow[] rows = [.. colors.List().Take(4), new LabeledRow { ImagePath = "no such file" }];
        IDataView scored = colors.Model.Transform(colors.Context.Data.LoadFromEnumerable(rows));

        (int code, string output, string error) = Run([Save(), .. rows.Select(r => r.ImagePath)]);

        Assert.True(code == 0, error);
        Assert.Equal(Program.Lines(scored), output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    // The libraries as they are, with the oldest ML.NET that they declare in this process and the newest in the other.
    [Fact]
    public void Load_ProcessWithTheNewestMLNet_LoadsTrainsAndSaves()
    {
        string program = Path.Combine(AppContext.BaseDirectory.Replace("MLNet.Tests", "MLNet.Latest", StringComparison.Ordinal), "MLClassify.MLNet.Latest.dll");
        MLContext context = colors.Context;
        IDataView images = context.Data.LoadImageFolder(colors.Images.Root);
        string path = _folder["model.zip"];
        var training = new FineTuneOptions { Backbone = "cifar_resnet20", Weights = "none", Epochs = 1, Input = new() { ImageSize = 16 }, Compute = new() { Threads = 1 } };
        using ImageClassifierTransformer model = context.MulticlassClassification.Trainers.ImageClassification(training: training).Fit(images);
        context.Model.Save(model, images.Schema, path);

        (int code, string output, string error) = Start(program, [path, colors.Images.Root, _folder["latest.zip"]]);

        Assert.True(code == 0, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEqual(FileVersionInfo.GetVersionInfo(typeof(MLContext).Assembly.Location).FileVersion, lines[0]);
        string[] Of(string what) => [.. lines.Where(line => line.StartsWith(what + " ", StringComparison.Ordinal)).Select(line => line[(what.Length + 1)..])];
        Assert.Equal(
            model.Transform(images).GetColumn<float[]>("Score").Select(scores => string.Join(' ', scores.Select(s => s.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))),
            Of("loaded"));
        Assert.Equal(30, Of("trained").Length);
        Assert.Equal(Of("loaded"), Of("trained"));
        Assert.Equal(Of("trained"), Of("again"));
        Assert.Single(Of("features"));
    }

    // ML.NET's converter would write a graph that returns its input.
    [Fact]
    public void ConvertToOnnx_ChainWithOurModel_SaysHowToExport()
    {
        using var stream = new MemoryStream();
        var error = Assert.Throws<NotSupportedException>(() => colors.Context.Model.ConvertToOnnx(colors.Model, colors.Data, stream));
        Assert.Contains("Classifier.ExportOnnx(path)", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void Save_Zip_HoldsAnOrdinaryModelFile()
    {
        using ZipArchive zip = ZipFile.OpenRead(Save());
        ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == "Model.safetensors");
        string file = _folder["taken.safetensors"];
        entry.ExtractToFile(file);

        using ImageClassifier classifier = ImageClassifier.Load(file, threads: 1);

        LabeledRow row = colors.List()[0];
        Assert.Equal(row.Class, classifier.Predict(row.ImagePath).Label);
        Assert.NotNull(classifier.TrainingRecord);
    }

    [Theory]
    [InlineData("Model.safetensors", "its network cannot be read")]
    [InlineData("Settings.json", "its settings cannot be read")]
    public void Load_DamagedPart_IsToldInOneError(string part, string expected)
    {
        string path = Save();
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == part);
            string name = entry.FullName;
            entry.Delete();
            using Stream stream = zip.CreateEntry(name).Open();
            stream.Write("[1, 2"u8);
        }

        Exception error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(path, out _));

        Assert.Contains(expected, Messages(error));
    }

    [Fact]
    public void Load_PartMissing_IsTold()
    {
        string path = Save();
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            zip.Entries.Single(e => e.Name == "Model.safetensors").Delete();
        }

        Exception error = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(path, out _));

        Assert.Contains("lacks 'Model.safetensors'", Messages(error));
    }

    [Fact]
    public void LoadWithDataLoader_FolderPipeline_KnowsClassesOfAnotherFolder()
    {
        MLContext context = colors.Context;
        var folder = new MultiFileSource(colors.Images.Root);
        ImageFolderLoader loader = context.Data.CreateImageFolderLoader().Fit(folder);
        IDataView images = loader.Load(folder);
        ITransformer model = context.Transforms.ApplyImageClassifier(Classifier()).Fit(images);
        string path = _folder["loader.zip"];
        context.Model.Save(model, loader, path);

        ITransformer loaded = new MLContext().Model.LoadWithDataLoader(path, out IDataLoader<IMultiStreamSource> again);
        IDataView scored = loaded.Transform(again.Load(new MultiFileSource(colors.Images.Root)));

        Assert.Equal(images.GetColumn<uint>("Label"), scored.GetColumn<uint>("Label"));
        Assert.True(context.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.9);
    }

    private static string Messages(Exception error) => error.InnerException is { } inner ? $"{error.Message} {Messages(inner)}" : error.Message;

    private ImageClassifier Classifier() => ((IEnumerable<ITransformer>)colors.Model).OfType<ImageClassifierTransformer>().Single().Classifier;

    private string Save()
    {
        string path = _folder["model.zip"];
        colors.Context.Model.Save(colors.Model, colors.Data.Schema, path);
        return path;
    }

    internal static (int Code, string Output, string Error) Run(string[] arguments) => Start(typeof(Program).Assembly.Location, arguments);

    private static (int Code, string Output, string Error) Start(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(Waiting.Limit), "the process did not end");
        return (process.ExitCode, output, error.Result);
    }
}
