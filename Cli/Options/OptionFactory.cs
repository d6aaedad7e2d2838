using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MLClassify.Cli.Naming;

namespace MLClassify.Cli.Options;

/// <summary>Makes options and arguments that fail with a sentence instead of a type's name.</summary>
internal static class OptionFactory
{
    /// <summary>How the message about an unknown option begins.</summary>
    public const string UnknownOption = "unknown option";

    private delegate bool Parser<T>(string text, out T value);

    public static Option<int?> Integer(string name, string description) =>
        Parsed<int?>(name, description, "N", "a whole number", static (string text, out int? value) =>
        {
            bool isValid = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
            value = number;
            return isValid;
        });

    /// <summary>The value of <see cref="IntegerOrAuto"/> where it says auto.</summary>
    public const int Auto = int.MinValue;

    public static Option<int?> IntegerOrAuto(string name, string description) =>
        Parsed<int?>(name, description, "N|auto", "a whole number or auto", static (string text, out int? value) =>
        {
            bool isAuto = text == "auto";
            bool isValid = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
            value = isAuto ? Auto : number;
            return isAuto || isValid;
        });

    public static Option<long?> LongInteger(string name, string description) =>
        Parsed<long?>(name, description, "N", "a whole number", static (string text, out long? value) =>
        {
            bool isValid = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number);
            value = number;
            return isValid;
        });

    public static Option<double?> Number(string name, string description) =>
        Parsed<double?>(name, description, "X", "a number", static (string text, out double? value) =>
        {
            bool isValid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
            value = number;
            return isValid;
        });

    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = ChoiceWords.Of<T>();
        return Parsed<T?>(name, description, string.Join('|', names), $"one of {string.Join(", ", names)}", (string text, out T? value) =>
        {
            // By name only: the enum's own parser also takes numbers.
            int index = Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = index < 0 ? null : Enum.GetValues<T>()[index];
            return index >= 0;
        }, names);
    }

    /// <summary>An option with a fixed list of words.</summary>
    public static Option<string?> Word(string name, IReadOnlyList<string> words, string description) =>
        Parsed<string?>(name, description, string.Join('|', words), $"one of {string.Join(", ", words)}", (string text, out string? value) =>
        {
            value = words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase));
            return value is not null;
        }, [.. words]);

    /// <param name="name">The option's name.</param>
    /// <param name="helpName">What stands for its value.</param>
    /// <param name="description">What it does, with its default.</param>
    /// <param name="check">Throws where the value cannot be; default nothing.</param>
    public static Option<string?> Text(string name, string helpName, string description, Action<string>? check = null)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            RejectOption(result, result.Tokens);
            try
            {
                if (check is not null && result.Tokens.Count > 0 && !result.Errors.Any())
                {
                    check(result.Tokens[0].Value);
                }
            }
            catch (ArgumentException e)
            {
                result.AddError($"{name}: {e.Message}");
            }
        });
        return option;
    }

    public static Argument<string> Argument(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result => RejectOption(result, result.Tokens));
        return argument;
    }

    public static Argument<string?> OptionalArgument(string name, string description)
    {
        var argument = new Argument<string?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        argument.Validators.Add(result => RejectOption(result, result.Tokens));
        return argument;
    }

    public static Argument<string[]> Arguments(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result => RejectOption(result, result.Tokens));
        return argument;
    }

    private static Option<T> Parsed<T>(string name, string description, string helpName, string expected, Parser<T> parser, params string[] words) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (!parser(text, out T value))
            {
                result.AddError($"{name}: expected {expected}, got '{text}'{Suggestion.Perhaps(text, words)}");
            }

            return value;
        },
    };

    // The parser hands an option that it does not know to the next argument that has room.
    private static void RejectOption(SymbolResult result, IReadOnlyList<Token> tokens)
    {
        Token? option = tokens.FirstOrDefault(t => t.Value.Length > 1 && t.Value[0] == '-');
        if (option is not null)
        {
            SymbolResult? command = result;
            while (command is not (null or CommandResult))
            {
                command = command.Parent;
            }

            result.AddError($"{UnknownOption} '{option.Value}'{(command is CommandResult found ? Suggestion.ForOption(option.Value, found.Command) : "")}");
        }
    }
}
