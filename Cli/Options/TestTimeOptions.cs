using System.CommandLine;

namespace MLClassify.Cli.Options;

/// <summary>The views of an image that the network is shown: <c>--tta</c>, and <c>--ten-crop</c> for short.</summary>
internal sealed class TestTimeOptions
{
    private static readonly (string Name, TestTimeViews Views)[] Choices =
        [("none", TestTimeViews.None), ("flip", TestTimeViews.Flip), ("ten-crop", TestTimeViews.TenCrop)];

    private readonly Option<TestTimeViews> _views = new("--tta")
    {
        Description = "Average the probabilities over views of each image: the center and its mirror image, or center and corners with theirs. "
            + "Without a value flip; default none.",
        HelpName = string.Join('|', Choices.Select(c => c.Name)),
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result =>
        {
            if (result.Tokens.Count == 0)
            {
                return TestTimeViews.Flip;
            }

            string text = result.Tokens[0].Value;
            int index = Array.FindIndex(Choices, c => c.Name.Equals(text, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                result.AddError($"--tta: expected one of {string.Join(", ", Choices.Select(c => c.Name))}, got '{text}'{Suggestion.Perhaps(text, Choices.Select(c => c.Name))}");
            }

            return index < 0 ? TestTimeViews.None : Choices[index].Views;
        },
    };

    private readonly Option<bool> _tenCrop = new("--ten-crop") { Description = "The same as --tta ten-crop." };

    public void AddTo(Command command)
    {
        command.Add(_views);
        command.Add(_tenCrop);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_views) is { Implicit: false } && result.GetResult(_tenCrop) is { Implicit: false })
            {
                result.AddError("--tta and --ten-crop exclude each other");
            }
        });
    }

    /// <summary>What the command line says.</summary>
    public TestTimeViews Of(ParseResult parsed) => parsed.GetValue(_tenCrop) ? TestTimeViews.TenCrop : parsed.GetValue(_views);
}
