using System.CommandLine;
using MLClassify.Cli.Options;

namespace MLClassify.Cli.Tests.Options;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("unknown option '--learning-rate', perhaps --lr", "train", "DATA", "--learning-rate", "0.1")]
    [InlineData("unknown option '--learning_rate=0.1', perhaps --lr", "train", "DATA", "--learning_rate=0.1")]
    [InlineData("unknown option '--output', perhaps --out", "train", "--output", "DIR", "DATA")]
    [InlineData("unknown option '--output', perhaps --onnx", "export", "MODEL", "--output", "m.onnx")]
    [InlineData("unknown option '--num-epochs', perhaps --epochs", "train", "DATA", "--num-epochs", "3")]
    [InlineData("unknown option '--batch', perhaps --batch-size", "train", "DATA", "--batch", "8")]
    [InlineData("unknown option '--model', perhaps --backbone", "train", "DATA", "--model", "resnet18")]
    [InlineData("unknown option '--data'; DATA is given without an option: 'mlclassify train DATA'", "train", "--data", "photos")]
    [InlineData("unknown option '--model'; MODEL is given without an option: 'mlclassify predict MODEL IMAGE|DIR'", "predict", "--model", "m.safetensors", "a.jpg")]
    [InlineData("unknown option '--epohcs', perhaps --epochs", "train", "--epohcs", "3", "DATA")]
    [InlineData("unknown command 'fit', perhaps train", "fit", "DATA")]
    [InlineData("unknown command 'classify', perhaps predict", "classify", "M", "I")]
    public async Task Run_WordOfAnotherTool_SaysWhatItIsHere(string expected, params string[] args)
    {
        ToolResult result = await Tool.Run(args);

        Assert.Equal(2, result.Code);
        string line = Assert.Single(result.ErrorLines);
        Assert.StartsWith($"error: {expected}", line);
    }

    [Theory]
    [InlineData("expected one of sgd, adam, adamw, lbfgs, got 'admw', perhaps adamw", "train", "D", "--optimizer", "admw")]
    [InlineData("expected one of head, all, got 'al', perhaps all", "train", "D", "--unfreeze", "al")]
    [InlineData("--augment: Unknown augmentation 'strnog', perhaps strong; expected none, flip, standard, strong", "train", "D", "--augment", "strnog")]
    [InlineData("--augment: Unknown augmentation 'rotat:15' (part 2 of 2), perhaps rotate", "train", "D", "--augment", "flip,rotat:15")]
    [InlineData("--weights: expected pretrained, embedded, none or a file, got 'pretrianed', perhaps pretrained", "train", "D", "--weights", "pretrianed")]
    [InlineData("--weights: expected pretrained, embedded, none or a file, got 'imagenet'", "train", "D", "--weights", "imagenet")]
    [InlineData("--recipe: expected one of default, alexnet, cifar, got 'cifra', perhaps cifar", "train", "D", "--recipe", "cifra")]
    [InlineData("--class-weights: Class weights are 'balancd', perhaps balanced; expected balanced, or class=weight", "train", "D", "--class-weights", "balancd")]
    [InlineData("--tta: expected one of none, flip, ten-crop, got 'tencrop', perhaps ten-crop", "predict", "M", "I", "--tta", "tencrop")]
    [InlineData("'flowrs', perhaps flowers", "data", "download", "flowrs")]
    public async Task Run_WordThatIsNoChoice_ListsTheChoicesAndTheNearest(string expected, params string[] args)
    {
        ToolResult result = await Tool.Run(args);

        Assert.Equal(2, result.Code);
        Assert.Contains(expected, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Evaluate_WeightsMisspelt_ListsTheChoicesAndTheNearest()
    {
        using var images = new ColorImageFolder(perClass: 1);
        ToolResult result = await Tool.Run("evaluate", images.Root, "--weights", "pretrianed");

        Assert.Equal(2, result.Code);
        Assert.Contains("expected pretrained, embedded, none or a file, got 'pretrianed', perhaps pretrained", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Tune_OptionOfAnotherTool_SaysWhatItIsHere()
    {
        ToolResult result = await Tool.Run("tune", "D", "--vary", "learning-rate=0.1,0.01");

        Assert.Equal(2, result.Code);
        Assert.Contains("training has no option 'learning-rate', perhaps --lr", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public void All_Synonyms_MeanWhatThereIsAndAreNotThereThemselves()
    {
        RootCommand root = CommandLine.CreateRoot(new CliContext(TextWriter.Null, TextWriter.Null));
        string[] known = [.. Commands(root).SelectMany(c => c.Options.Select(o => o.Name).Append(c.Name).Concat(c.Arguments.SelectMany(a => a.Name.Split(' ', '|', '[', ']', '.'))))];

        Assert.All(Suggestion.All, synonym => Assert.Contains(synonym.Meant, known));
        Assert.All(Suggestion.All.Where(s => s.Meant.StartsWith('-')), synonym => Assert.DoesNotContain(
            Commands(root), command => command.Options.Any(o => o.Name == synonym.Meant) && command.Options.Any(o => o.Name == $"--{synonym.Word}")));
    }

    private static IEnumerable<Command> Commands(Command command) => command.Subcommands.SelectMany(Commands).Prepend(command);
}
