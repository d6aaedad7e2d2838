using System.CommandLine;
using System.Globalization;

namespace MLClassify.Samples;

/// <summary>Makes arguments and options that fail with a sentence.</summary>
internal static class Arguments
{
    /// <summary>A folder or file that must be there.</summary>
    /// <param name="name">Its name in the help.</param>
    /// <param name="description">What it is.</param>
    public static Argument<string> Path(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            // The parser hands an option that it does not know to the argument.
            if (result.Tokens.FirstOrDefault(t => t.Value is ['-', _, ..]) is { } option)
            {
                result.AddError($"unknown option '{option.Value}'");
            }
        });
        return argument;
    }

    /// <summary>A text.</summary>
    /// <param name="name">The option.</param>
    /// <param name="helpName">What stands for its value in the help.</param>
    /// <param name="description">What it is, with its default.</param>
    public static Option<string?> Text(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName };

    /// <summary>A number.</summary>
    /// <typeparam name="T">The number's type.</typeparam>
    /// <param name="name">The option.</param>
    /// <param name="description">What it is, with its default.</param>
    public static Option<T?> Number<T>(string name, string description)
        where T : struct, IParsable<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (!T.TryParse(text, CultureInfo.InvariantCulture, out T value))
                {
                    result.AddError($"{name}: expected a number, got '{text}'");
                }

                return value;
            },
        };

    /// <summary>Several numbers, separated by commas.</summary>
    /// <typeparam name="T">The numbers' type.</typeparam>
    /// <param name="name">The option.</param>
    /// <param name="description">What they are.</param>
    /// <param name="values">The default.</param>
    public static Option<T[]> Numbers<T>(string name, string description, params T[] values)
        where T : struct, IParsable<T> => new(name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{description} Default {string.Join(',', values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v}")))}."),
            HelpName = "N,N,...",
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => values,
            CustomParser = result =>
            {
                string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                var numbers = new List<T>();
                foreach (string part in text.Split(','))
                {
                    if (!T.TryParse(part, CultureInfo.InvariantCulture, out T value))
                    {
                        result.AddError($"{name}: expected numbers separated by commas, got '{text}'");
                        return [];
                    }

                    numbers.Add(value);
                }

                return [.. numbers];
            },
        };

    /// <summary>Refuses a folder that is not there, and says how to get the data.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dataset">Its name for <c>mlclassify data download</c>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static void Require(string folder, string dataset)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"there is no folder '{folder}'; 'mlclassify data download {dataset}' gets the images");
        }
    }
}
