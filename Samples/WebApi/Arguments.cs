using System.Globalization;

namespace MLClassify.Samples.WebApi;

/// <summary>What the command line says.</summary>
internal sealed record Arguments(string Model, string Urls, int Threads, int Top)
{
    private const string Usage = "usage: dotnet run --project Samples/WebApi -- --model FILE [--urls http://127.0.0.1:5080] [--threads N] [--top N]";

    /// <summary>Reads the command line; says what is wrong with it.</summary>
    public static Arguments? Parse(string[] args, TextWriter error)
    {
        var found = new Arguments("", "http://127.0.0.1:5080", Threads: 0, Top: 5);
        for (int i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                error.WriteLine($"error: {args[i]} has no value\n{Usage}");
                return null;
            }

            Arguments? next = With(found, args[i], args[i + 1]);
            if (next is null)
            {
                error.WriteLine($"error: '{args[i]} {args[i + 1]}' is not understood\n{Usage}");
                return null;
            }

            found = next;
        }

        if (found.Model.Length > 0)
        {
            return found;
        }

        error.WriteLine($"error: no model\n{Usage}");
        return null;
    }

    private static Arguments? With(Arguments arguments, string name, string value) => name switch
    {
        "--model" => arguments with { Model = value },
        "--urls" => arguments with { Urls = value },
        "--threads" when Number(value, out int threads) => arguments with { Threads = threads },
        "--top" when Number(value, out int top) => arguments with { Top = top },
        _ => null,
    };

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
