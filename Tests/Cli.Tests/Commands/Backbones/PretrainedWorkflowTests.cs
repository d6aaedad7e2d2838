using System.Text.Json;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Tests.Commands.Backbones;

public sealed class PretrainedWorkflowTests : IDisposable
{
    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    private string[] Train(params string[] more) => ["train", _images.Root, "--out", _images[".runs/colors"], "--split-every", "4", "--epochs", "1", .. more];

    [Fact]
    public async Task Train_Pretrained_FetchesFirstAndRecordsWhich()
    {
        using var test = new PublishedTiny();

        ToolResult result = await Tool.Run(test.Options, Train("--backbone", TinyNetwork.Name, "--weights", "pretrained"));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith($"fetching {test.Tiny.FileName}", result.OutputLines[0]);
        Assert.StartsWith($"{TinyNetwork.Name}, its head, from {test.Tiny.FileName}: ", result.OutputLines[1]);
        JsonElement options = JsonDocument.Parse(File.ReadAllText(_images[".runs/colors/args.json"])).RootElement.GetProperty("options");
        Assert.Equal($"pretrained:{test.Tiny.Sha256}", options.GetProperty("weights").GetString());

        // The weights' own preprocessing: 232 at 224, so 33 at 32.
        using ImageClassifier model = ImageClassifier.Load(_images[".runs/colors/weights/best.safetensors"]);
        Assert.Equal((33, 32), (model.Preprocessing.ResizeSize, model.Preprocessing.CropSize));
        Assert.Contains($"pretrained:{test.Tiny.Sha256}", model.TrainingRecord);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Train_PretrainedCannotBeHad_SaysSoAndLeavesNoRun(bool isOffline)
    {
        using var test = new PublishedTiny((_, stream) => LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0));

        ToolResult result = await Tool.Run(test.Options, Train(["--backbone", TinyNetwork.Name, "--weights", "pretrained", .. isOffline ? new[] { "--offline" } : []]));

        Assert.Equal(1, result.Code);
        Assert.Contains(isOffline ? "--offline" : "404 Not Found", Assert.Single(result.ErrorLines));
        Assert.Equal(isOffline ? 0 : 1, test.Server.Requests.Count);
        Assert.False(Directory.Exists(_images[".runs"]));
    }

    [Fact]
    public async Task Train_NothingPublished_SaysSo()
    {
        ToolResult result = await Tool.Run(Train("--backbone", "vgg16_cifar", "--weights", "pretrained"));

        Assert.Equal(2, result.Code);
        Assert.Contains("No weights are published for vgg16_cifar", Assert.Single(result.ErrorLines));
        Assert.Contains("backbones import FILE --name NETWORK", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Train_CanceledDuringTheDownload_LeavesNoRun()
    {
        using var stop = new CancellationTokenSource();
        using var test = new PublishedTiny(async (_, stream) =>
        {
            await LoopbackServer.SendHeadAsync(stream, "200 OK", 1000);
            await stop.CancelAsync();
            await LoopbackServer.StaySilentAsync(stream);
        });
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = await CommandLine.RunAsync(
            Train("--backbone", TinyNetwork.Name, "--weights", "pretrained"), new CliContext(output, error) { Weights = () => test.Options }, stop.Token);

        Assert.Equal((130, "error: canceled"), (code, error.ToString().Trim()));
        Assert.False(Directory.Exists(_images[".runs"]));
    }

    [Fact]
    public async Task Evaluate_Pretrained_FetchesAndMeasures()
    {
        using var test = new PublishedTiny();

        ToolResult result = await Tool.Run(test.Options, "evaluate", "--backbone", TinyNetwork.Name, "--weights", "pretrained", _images.Root, "--json");

        Assert.Equal(0, result.Code);
        Assert.Equal(24, JsonDocument.Parse(result.Output).RootElement.GetProperty("images").GetInt32());
        Assert.StartsWith("fetching ", result.Error);
        Assert.Single(test.Server.Requests);
    }

    [Fact]
    public async Task Evaluate_WeightsNone_SaysSo()
    {
        ToolResult result = await Tool.Run("evaluate", "--backbone", TinyNetwork.Name, "--weights", "none", _images.Root);

        Assert.Equal(2, result.Code);
        Assert.Contains("--weights none", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Train_NoBackboneAndOffline_SaysInOneLineWhatIsTrained()
    {
        ToolResult result = await Tool.Run(Train("--image-size", "32", "--offline"));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith("no --backbone: the embedded resnet20_half; resnet50's weights are not here: nothing is fetched", result.OutputLines[0]);
        Assert.StartsWith("resnet20_half, its head, from the embedded weights: ", result.OutputLines[1]);
        Assert.Equal($"the embedded weights: {EmbeddedBackbone.Current.Origin}", result.OutputLines[2]);
    }

    [Fact]
    public async Task Evaluate_ModelOfTheEmbeddedNetwork_SaysWhatThatWasMadeFromAsTheReportsDo()
    {
        await Tool.Run(Train("--image-size", "32", "--weights", "embedded"));
        string model = _images[".runs/colors/weights/best.safetensors"];

        ToolResult one = await Tool.Run("evaluate", model, _images.Root, "--out", _images[".report"]);
        ToolResult two = await Tool.Run("evaluate", model, model, _images.Root);

        string origin = $"began with the embedded weights, {EmbeddedBackbone.Current.Origin}";
        Assert.Equal((0, 0), (one.Code, two.Code));
        Assert.Single(one.OutputLines, $"the model {origin}");
        Assert.Equal(2, two.OutputLines.Count(line => line.EndsWith(origin, StringComparison.Ordinal)));
        string shown = EmbeddedBackbone.Current.Origin!.Split('\'')[0];
        Assert.Contains(shown, File.ReadAllText(_images[".runs/colors/report.html"]), StringComparison.Ordinal);
        Assert.Contains(shown, File.ReadAllText(_images[".report/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_NoBackboneAndServerAnswers_TakesPretrainedResNet50()
    {
        // What is published as ResNet-50 here is another network's: the choice shows, and so does that it is not trained with that.
        using var test = new PublishedTiny(network: "resnet50");

        ToolResult result = await Tool.Run(test.Options, Train("--image-size", "32"));

        Assert.Equal(1, result.Code);
        Assert.Contains($"no --backbone: pretrained resnet50 ({test.Tiny.FileName})", result.Output);
        Assert.Contains("another network", Assert.Single(result.ErrorLines));
        Assert.Equal(2, test.Server.Requests.Count);
    }

    [Fact]
    public async Task Train_BackboneAlone_TakesItsPublishedWeights()
    {
        using var test = new PublishedTiny();

        ToolResult result = await Tool.Run(test.Options, Train("--backbone", TinyNetwork.Name));

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains($"no --weights: pretrained {TinyNetwork.Name} ({test.Tiny.FileName})", result.OutputLines);
        Assert.Contains(result.OutputLines, line => line.StartsWith($"{TinyNetwork.Name}, its head, from {test.Tiny.FileName}: ", StringComparison.Ordinal));
    }

    // Random initialization must be asked for.
    [Fact]
    public async Task Train_BackboneWithoutPublishedWeights_AsksForAChoice()
    {
        using var test = new PublishedTiny(network: "resnet50");

        ToolResult refused = await Tool.Run(test.Options, Train("--backbone", TinyNetwork.Name));
        ToolResult random = await Tool.Run(test.Options, Train("--backbone", TinyNetwork.Name, "--weights", "none"));

        Assert.Equal(2, refused.Code);
        Assert.Contains("random initialization (weights 'none')", refused.Error);
        Assert.Equal((0, ""), (random.Code, random.Error));
        Assert.StartsWith($"{TinyNetwork.Name}, all of it, from scratch: ", random.OutputLines[0]);
        Assert.Empty(test.Server.Requests);
    }
}
