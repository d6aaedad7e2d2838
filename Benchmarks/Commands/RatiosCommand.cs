using System.CommandLine;
using MLClassify.Benchmarks.Comparison;

namespace MLClassify.Benchmarks.Commands;

/// <summary><c>ratios FILE</c>: the table that <c>compare.sh</c> ends with, from the JSON lines of all sides.</summary>
internal static class RatiosCommand
{
    /// <summary>Makes the command.</summary>
    /// <param name="output">Where the table goes.</param>
    public static Command Create(TextWriter output)
    {
        var file = new Argument<string>("FILE") { Description = "JSON lines of ours and the peers, in any order." };
        var command = new Command("ratios", "Prints a table of ratios from what compare.sh collected.");
        command.Add(file);
        command.SetAction(parsed =>
        {
            var table = new RatioTable(PeerLine.Read(File.ReadLines(parsed.GetRequiredValue(file))));
            foreach (string row in table.Rows())
            {
                output.WriteLine(row);
            }
        });
        return command;
    }
}
