using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Options;

/// <summary>What <c>--weights</c> may be: a word, or a file.</summary>
internal static class WeightsText
{
    private static readonly string[] Words = ["auto", "pretrained", "embedded", "none"];

    /// <summary>Reads the option: a word that is none of those known, and no file either, is a mistake on the command line.</summary>
    /// <exception cref="UsageException">It is such a word. A path to a file that is not there fails where the file is read.</exception>
    public static WeightSelection Read(string text)
    {
        WeightSelection selection = WeightSelection.Parse(text);
        bool isWord = selection.Kind == WeightKind.File && !File.Exists(text) && !Path.HasExtension(text) && Path.GetFileName(text) == text;
        return isWord
            ? throw new UsageException($"--weights: expected pretrained, embedded, none or a file, got '{text}'{Suggestion.Perhaps(text, Words)}")
            : selection;
    }
}
