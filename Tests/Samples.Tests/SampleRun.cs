using System.Globalization;
using System.Text.RegularExpressions;

namespace MLClassify.Samples.Tests;

/// <summary>What a sample printed, and its exit code.</summary>
internal sealed partial record SampleRun(int Code, string Output, string Error)
{
    /// <summary>Runs a sample in this process.</summary>
    public static async Task<SampleRun> Of(Func<string[], TextWriter, TextWriter, CancellationToken, Task<int>> sample, params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = await sample(args, output, error, CancellationToken.None);
        return new SampleRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The figures have the shape of a report: the first line, a row a class, a matrix whose rows add up.</summary>
    /// <param name="images">Images measured on.</param>
    /// <param name="classes">The classes' names.</param>
    /// <returns>The accuracy, 0..1.</returns>
    public double AssertReport(int images, params string[] classes)
    {
        Assert.Equal((0, ""), (Code, Error));
        Match overall = Overall().Match(Output);
        Assert.True(overall.Success, Output);
        int correct = int.Parse(overall.Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(images, int.Parse(overall.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.InRange(correct, 0, images);
        string[] matrix = Output[Output.IndexOf("true \\ predicted", StringComparison.Ordinal)..].ReplaceLineEndings("\n").Split('\n');
        int diagonal = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            Assert.Contains(Output.Split('\n'), line => line.StartsWith(classes[i], StringComparison.Ordinal) && line.Contains('/', StringComparison.Ordinal));
            int[] row = [.. matrix[i + 1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            Assert.Equal(row[^1], row[..^1].Sum());
            diagonal += row[i];
        }

        Assert.Equal(correct, diagonal);
        return (double)correct / images;
    }

    /// <summary>The file that the sample says it wrote.</summary>
    public string File(string name) => Assert.Single(Output.ReplaceLineEndings("\n").Split('\n'), line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    [GeneratedRegex(@"^accuracy \d+\.\d+ % \((\d+) of (\d+) images; 95 % interval [^)]*\)", RegexOptions.Multiline)]
    private static partial Regex Overall();
}
