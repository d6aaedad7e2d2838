using System.Text.RegularExpressions;

namespace MLClassify.Architecture.Tests;

/// <summary>
/// Tests wait for conditions and count work; none compares how long something took. What depends on the machine's speed fails on a busy one.
/// </summary>
public partial class ClockTests
{
    /// <summary>The files that may name a clock or a pause, with the reason.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["Tests/Testing/Waiting.cs"] = "ends a test that hangs, and pauses between two looks at a condition",
        ["Tests/Cpu.Tests/Kernels/Threading/ThreadTeamTests.cs"] = "random pauses shake the threads; what is asserted does not depend on them",
        ["Tests/DeviceBench/Speed.cs"] = "measures devices for Benchmarks/gpu.sh; no test starts it",
        ["Tests/Architecture.Tests/BannedApiTests.cs"] = "names the clocks that libraries may not read",
    };

    [Fact]
    public void Tests_Everywhere_NeitherReadAClockNorPause()
    {
        IEnumerable<string> hits = Sources().SelectMany(file => File.ReadLines(RepositoryFiles.FullPath(file))
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(entry => Clock().IsMatch(entry.Line))
            .Select(entry => $"{file}:{entry.Number}: {entry.Line.Trim()}"));

        Assert.Empty(hits);
    }

    [Fact]
    public void Allowed_EveryFile_NeedsIt() =>
        Assert.All(Allowed.Keys, file => Assert.Matches(Clock(), File.ReadAllText(RepositoryFiles.FullPath(file))));

    private static IEnumerable<string> Sources() =>
        RepositoryFiles.WithExtension(".cs").Where(file => file.StartsWith("Tests/", StringComparison.Ordinal) && !Allowed.ContainsKey(file));

    [GeneratedRegex(@"\bStopwatch\b|\bTickCount|\bDateTime(Offset)?\.(Utc)?Now\b|\bTask\.Delay\(|\bThread\.Sleep\(|\bCancelAfter\(|\bCancellationTokenSource\((TimeSpan\.|[0-9])|\.WaitAsync\(TimeSpan\.")]
    private static partial Regex Clock();
}
