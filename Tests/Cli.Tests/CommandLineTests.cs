using System.CommandLine;
using MLClassify.Cli.Options;

namespace MLClassify.Cli.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_EveryCommandThatComputes_HasAllThatSayWhatComputes()
    {
        Command[] computing = [.. All(CommandLine.CreateRoot(new CliContext(TextWriter.Null, TextWriter.Null))).Where(c => CommonOptions.ComputeSet.Any(c.Options.Contains))];

        Assert.Equal(["demo", "distill", "evaluate", "explain", "lr-find", "new", "predict", "serve", "train", "tune"], computing.Select(c => c.Name).Order(StringComparer.Ordinal));
        Assert.All(computing, command => Assert.All(CommonOptions.ComputeSet, option => Assert.Contains(option, command.Options)));
    }

    [Fact]
    public async Task Run_DeviceThatIsNotThere_IsRefusedByEveryCommandThatComputes()
    {
        using var images = new ColorImageFolder();
        string data = images.Root;
        ToolResult trained = await Tool.Run("train", data, "--backbone", TinyNetwork.Name, "--weights", "none", "--epochs", "1", "--out", images[".model"]);
        Assert.Equal(0, trained.Code);
        string model = images[".model/weights/best.safetensors"];
        string[][] commands =
        [
            ["train", data, "--backbone", "cifar_resnet20", "--weights", "none", "--out", images[".train"]],
            ["lr-find", data, "--backbone", "cifar_resnet20", "--weights", "none", "--out", images[".curve.svg"]],
            ["tune", data, "--backbone", "cifar_resnet20", "--weights", "none", "--vary", "lr=0.1", "--out", images[".tune"]],
            ["demo", "--images", "6", "--out", images[".demo"]],
            ["evaluate", model, data],
            ["predict", model, images["red/0.png"]],
            ["explain", model, images["red/0.png"]],
        ];
        foreach (string[] command in commands)
        {
            ToolResult result = await Tool.Run([.. command, "--device", "cuda:57"]);
            Assert.True(result.Code == 1, string.Join(' ', command));
            Assert.Contains("device cuda:57", result.ErrorLines[^1], StringComparison.Ordinal);
        }
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Append(command);

    [Theory]
    [InlineData("unknown command 'bogus'", "bogus")]
    [InlineData("unknown option '--foo'", "train", "DATA", "--foo")]
    [InlineData("unknown option '--foo'", "predict", "MODEL", "IMAGE", "--foo")]
    [InlineData("unknown option '--foo'", "evaluate", "--foo", "MODEL", "DATA")]
    [InlineData("unexpected argument 'MORE'", "train", "DATA", "MORE")]
    [InlineData("--lr: expected a number, got 'much'", "train", "DATA", "--lr", "much")]
    [InlineData("--epochs: expected a whole number, got '1.5'", "train", "DATA", "--epochs", "1.5")]
    [InlineData("--optimizer: expected one of sgd, adam, adamw, lbfgs, got 'lion'", "train", "DATA", "--optimizer", "lion")]
    [InlineData("--unfreeze: expected one of head, all, got '1'", "train", "DATA", "--unfreeze", "1")]
    [InlineData("--val and --split exclude each other", "train", "DATA", "--val", "V", "--split", "0.1")]
    [InlineData("--split and --split-every exclude each other", "evaluate", "M", "D", "--split", "0.1", "--split-every", "3")]
    [InlineData("unknown command 'trian', perhaps train", "trian", "DATA")]
    [InlineData("unknown option '--epoch', perhaps --epochs", "train", "DATA", "--epoch", "3")]
    [InlineData("--image-size needs --weights", "evaluate", "M", "DATA", "--image-size", "64")]
    [InlineData("give a model file and the data's folder", "evaluate", "DATA")]
    [InlineData("--top: expected at least 1, got 0", "predict", "M", "I", "--top", "0")]
    [InlineData("--json and --csv exclude each other", "predict", "M", "I", "--json", "--csv", "f.csv")]
    [InlineData("--epochs is 0; it must be at least 1", "train", "DATA", "--epochs", "0")]
    [InlineData("--lr is -1; it must be above 0", "train", "DATA", "--lr", "-1")]
    [InlineData("Unknown network 'resnet19'", "train", "DATA", "--backbone", "resnet19")]
    [InlineData("Unknown network 'resnet19'", "summary", "resnet19")]
    [InlineData("must be 1 to 1000000, got 0", "summary", "squeezenet1_1", "--classes", "0")]
    [InlineData("Unknown network 'resnet19'", "backbones", "pull", "resnet19")]
    [InlineData("resnet18 has no weights 'v2'; known: v1", "backbones", "pull", "resnet18:v2")]
    [InlineData("No weights are published for seresnet50", "backbones", "path", "seresnet50")]
    [InlineData("--mirror is 'http://mirror.example'; it must be an https address", "backbones", "pull", "resnet18", "--mirror", "http://mirror.example")]
    [InlineData("after 'pretrained:' comes a version", "train", "DATA", "--weights", "pretrained:")]
    public async Task Run_WrongUsage_SaysWhatInOneLineAndExits2(string expected, params string[] args)
    {
        ToolResult result = await Tool.Run(args);
        Assert.Equal(2, result.Code);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith("error: ", line);
        Assert.Contains(expected, line);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("train", "--help")]
    [InlineData("backbones", "list", "--help")]
    [InlineData("backbones", "pull", "--help")]
    public async Task Run_Help_ExplainsAndExits0(params string[] args)
    {
        ToolResult result = await Tool.Run(args);
        Assert.Equal(0, result.Code);
        Assert.Contains("Usage:", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Run_Verbose_AddsTheStack()
    {
        ToolResult result = await Tool.Run("data", "inspect", "/no/such/folder", "--verbose");
        Assert.Equal(1, result.Code);
        Assert.StartsWith("error: The folder /no/such/folder does not exist.", result.Error);
        Assert.Contains("   at MLClassify", result.Error);
    }

    [Fact]
    public async Task Run_BackbonesList_NamesEachWithItsSize()
    {
        ToolResult result = await Tool.Run("backbones", "list");
        Assert.Contains(result.OutputLines, l => l.StartsWith("squeezenet1_1", StringComparison.Ordinal) && l.Contains("1,235,496 parameters"));
    }

    [Fact]
    public async Task Run_Summary_EndsWithTheTotals()
    {
        ToolResult result = await Tool.Run("summary", "resnet50", "--classes", "10");
        Assert.Equal(0, result.Code);
        Assert.Contains("23,528,522 parameters", result.OutputLines[^1]);
    }
}
