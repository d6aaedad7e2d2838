using System.CommandLine;
using System.Reflection;
using System.Text.RegularExpressions;
using MLClassify.Cli.Naming;
using MLClassify.Trainers;

namespace MLClassify.Cli.Tests.Naming;

public sealed partial class OptionNamesTests : IDisposable
{
    // What only C# can say.
    private static readonly string[] NotOnTheCommandLine = ["Input.Preprocessing", "Compute.LoaderThreads"];

    // A seed may be anything; a split and a count of files are the tool's own and checked by it.
    private static readonly string[] Unlimited = ["--seed", "--split", "--split-every"];

    private readonly ColorImageFolder _images = new();

    public void Dispose() => _images.Dispose();

    public static IEnumerable<object[]> Numbers =>
        from command in (string[])["train", "lr-find", "distill"]
        from option in Find(command).Options
        where (option.ValueType == typeof(int?) || option.ValueType == typeof(double?)) && !Unlimited.Contains(option.Name)
        select new object[] { command, option.Name };

    [Theory]
    [InlineData(typeof(FineTuneOptions), "train")]
    [InlineData(typeof(DistillationOptions), "distill")]
    [InlineData(typeof(LearningRateFinder), "lr-find")]
    public void Find_EverySettingOfTheLibraries_IsAnOptionOfItsCommand(Type settings, string command)
    {
        string[] known = [.. Find(command).Options.Select(option => option.Name)];

        Assert.All(Paths(settings, ""), path => Assert.Contains(OptionNames.Find(path) ?? $"none for {path}", known));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task Run_NumberOutOfRange_NamesTheOptionThatWasTyped(string command, string option)
    {
        string[] more = command == "distill" ? ["--teacher", "squeezenet1_1=x.safetensors"]
            : option == "--head-width" ? ["--head", "hidden"]
            : ["--backbone", "cifar_resnet20", "--weights", "none"];

        ToolResult result = await Tool.Run([command, _images.Root, option, "-1000000", .. more]);

        Assert.Equal(2, result.Code);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"error: {option} is -1000000; it must be ", line);
        Assert.DoesNotMatch(Path(), line);
    }

    [Theory]
    [InlineData("--nesterov needs --momentum above 0.", "--nesterov", "--momentum", "0")]
    [InlineData("--keep-classes needs a model to start from (--from).", "--keep-classes")]
    [InlineData("--step-epochs is 1,2; it must be ascending, from 1, and --schedule step.", "--step-epochs", "1,2")]
    [InlineData("--optimizer is lbfgs, which solves a linear head on features; it cannot have mixup.", "--optimizer", "lbfgs", "--mixup", "1")]
    [InlineData("--freeze-epochs is 9; it must be below the 3 epochs.", "--freeze-epochs", "9", "--epochs", "3")]
    [InlineData("--epochs is 0; it must be at least 1 and at most 100000.", "--recipe", "cifar", "--epochs", "0")]
    public async Task Run_SettingsThatContradict_AreNamedAsTyped(string expected, params string[] options)
    {
        ToolResult result = await Tool.Run(["train", _images.Root, .. options]);

        Assert.Equal(2, result.Code);
        Assert.Equal($"error: {expected}", Assert.Single(result.ErrorLines));
    }

    [Theory]
    [InlineData("predict", "M", "I")]
    [InlineData("evaluate", "M", "D")]
    [InlineData("explain", "M", "I")]
    [InlineData("demo")]
    public async Task Run_ThreadsOutOfRange_AreRefusedBeforeAnyWork(params string[] arguments)
    {
        ToolResult result = await Tool.Run([.. arguments, "--threads", "-3"]);

        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.StartsWith("error: --threads is -3; it must be at least 0 and at most 1024", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Run_OriginalHeadThatCannotBeTrained_NamesTheChoicesAsTyped()
    {
        ToolResult result = await Tool.Run(
            "train", _images.Root, "--backbone", "squeezenet1_1", "--weights", "none", "--unfreeze", "head", "--head", "native", "--out", _images[".run"]);

        Assert.Equal(2, result.Code);
        Assert.Contains("take --head linear or --head hidden", result.Error);
    }

    [Fact]
    public async Task Run_SettingsWithoutEffect_AreNamedAsTyped()
    {
        ToolResult result = await Tool.Run(
            "train", _images.Root, "--backbone", "cifar_resnet20", "--weights", "none", "--unfreeze", "head", "--optimizer", "lbfgs", "--lr", "1", "--ema", "0.9",
            "--clip-norm", "1", "--schedule", "step", "--out", _images[".run"]);

        Assert.Equal(0, result.Code);
        Assert.Contains("not trained in steps: --lr, --schedule, --clip-norm, --ema have no effect.", result.Error);
    }

    [Theory]
    [InlineData("Weights are here.", "--weights are here.")]
    [InlineData("Input.Preprocessing says it; MyInput.ImageSize and Epochs.X stay.", "Input.Preprocessing says it; MyInput.ImageSize and Epochs.X stay.")]
    [InlineData("Head.Kind Mlp and Head.Kind is Odd", "--head hidden and --head is Odd")]
    public void Translate_Text_ChangesWholePathsAndTheirChoices(string text, string expected) => Assert.Equal(expected, OptionNames.Translate(text));

    private static Command Find(string name) =>
        CommandLine.CreateRoot(new CliContext(TextWriter.Null, TextWriter.Null)).Subcommands.Single(command => command.Name == name);

    private static IEnumerable<string> Paths(Type type, string before) => type
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.SetMethod is { IsPublic: true } && property.Name is not "Resolver")
        .SelectMany(property => property.PropertyType is { IsClass: true, Name: var name } && name.EndsWith("Options", StringComparison.Ordinal)
            ? Paths(property.PropertyType, $"{property.Name}.")
            : [before + property.Name])
        .Except(NotOnTheCommandLine);

    [GeneratedRegex(@"[A-Z][a-z]+[A-Z.][A-Za-z]")]
    private static partial Regex Path();
}
