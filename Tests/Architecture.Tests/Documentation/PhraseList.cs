using System.Text.RegularExpressions;

namespace MLClassify.Architecture.Tests.Documentation;

/// <summary>A phrase that sources and pages avoid, and what to write instead.</summary>
/// <param name="Pattern">Finds it.</param>
/// <param name="Better">The better wording.</param>
internal sealed record Phrase(Regex Pattern, string Better);

/// <summary>Phrases that sources and pages avoid: spellings that are not American, and riddles where the field has a word.</summary>
internal static class PhraseList
{
    /// <summary>Spellings. Words that are kept in file formats and keys are excepted.</summary>
    public static IReadOnlyList<Phrase> Spellings { get; } =
    [
        Word("colour", "color"),
        Word("grey(?!8|_alpha|\\.gif)", "gray"),
        Word("centre|centred|centring", "center"),
        Word("normalis[aei]", "normalize, normalization"),
        Word("optimis[aei]", "optimizer, optimize"),
        Word("initialis[aei]", "initialize, initialization"),
        Word("recognis[aei]", "recognize"),
        Word("(?<!not_)generalis[aei]", "generalize"),
        Word("(?:serial|quant|vector|synchron|summar|special|regular|organ|minim|maxim|final|standard|author|equal|util)is(?:e|ed|es|er|ing|ation)", "-ize, -ization"),
        Word("behaviour|favour|neighbour|honour", "-or"),
        Word("labell(?:ed(?!by)|ing)|unlabelled", "labeled"),
        Word("(?<!\")(?<!`)cancell(?:ed(?![\"`])|ing)", "canceled, canceling (as .NET has it)"),
        Word("catalogue", "catalog"),
        Word("licence(?![\"`])(?! = )", "license"),
        Word("analys(?:e|ed|er|ing)", "analyze"),
        Word("levelled(?!_off)", "leveled"),
        Word("learnt", "learned"),
    ];

    /// <summary>Riddles, and words for which the field has another.</summary>
    public static IReadOnlyList<Phrase> Riddles { get; } =
    [
        Word("; nobody when null", "; null for no reporting"),
        Word("Told (?:after|how|when|now)\\b", "Receives progress ..."),
        Word("left to chance|stream of chance|dropout's chance|start(?:s)? from chance|null for chance", "random operations, random initialization, a seed"),
        Word("ran away|has run away", "diverged"),
        Word("rectifiers?\\b", "ReLU"),
        Word("pictures?\\b(?![\\\\/\"`'])", "image"),
        Word("(?:images|pictures) to learn(?: from)?\\b", "training images"),
        Word("how-manieth", "every Nth"),
        Word("\\b(?:What (?:a|the) (?:run|training) came to)", "the result of the run"),
        Word("is none of (?:pictures|images|the published)", "is not a valid ..."),
        Word("that are borne", "patience, early stopping"),
        Word("claims more than it keeps", "overconfident"),
        Word("Who (?:computes|wants to know)\\b", "the threads, the receiver"),
        Word("nobody vouches", "untrusted"),
        Word("what stands after", "the head"),
    ];

    /// <summary>An option of the command line, in a text or a comment.</summary>
    public static Regex CommandLineOption { get; } = new("(?<=[\"'\\s(>`])--[a-z]{2,}|'mlclassify [a-z]");

    private static Phrase Word(string pattern, string better) => new(new Regex(pattern, RegexOptions.IgnoreCase), better);
}
