using MLClassify.Preprocessing.Loading;

namespace MLClassify.Tests.Retraining;

public class RetrainingProgramTests
{
    private static readonly ReplacementResult Better = new(ReplacementOutcome.Replaced, new(9, 10), new(8, 10), "m", "p");

    [Fact]
    public async Task RunAsync_Better_PrintsBothNumbers()
    {
        (int code, string output, string error) = await RunAsync((_, _, _) => Task.FromResult(Better));

        Assert.Equal((0, ""), (code, error));
        Assert.Equal("new model: 90.0 % (9 of 10)\nin place: 80.0 % (8 of 10)\nreplaced: m; the one before: p\n", output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task RunAsync_Worse_EndsWithThree() =>
        Assert.Equal(3, (await RunAsync((_, _, _) => Task.FromResult(Better with { Outcome = ReplacementOutcome.Kept }))).Code);

    [Theory]
    [InlineData(new string[] { }, false)]
    [InlineData(new[] { "--force" }, true)]
    public async Task RunAsync_Force_IsHandedOn(string[] args, bool expected)
    {
        bool? forced = null;
        await RunAsync((force, _, _) => Task.FromResult(Better with { Existing = (forced = force) is null ? null : Better.Existing }), args);
        Assert.Equal(expected, forced);
    }

    [Fact]
    public async Task RunAsync_Fails_SaysSoInOneLine() => Assert.Equal(
        (1, "", "error: no pictures"), Trimmed(await RunAsync((_, _, _) => throw new IOException("no pictures"))));

    [Fact]
    public async Task RunAsync_UnknownArgument_EndsWithTwo() => Assert.Equal(2, (await RunAsync((_, _, _) => Task.FromResult(Better), "--fast")).Code);

    [Fact]
    public async Task RunAsync_Cancelled_EndsAsShellsHaveIt() => Assert.Equal(130, (await RunAsync((_, _, _) => throw new OperationCanceledException())).Code);

    [Fact]
    public void EpochLines_Reports_WritesFinishedEpochs()
    {
        using var writer = new StringWriter();
        var progress = new TrainingProgress { Phase = TrainingPhase.Training, Epoch = 2, Epochs = 3, Batch = 1, Batches = 4 };

        new EpochLines(writer).Report(progress);

        Assert.Equal("", writer.ToString());
    }

    private static (int, string, string) Trimmed((int Code, string Output, string Error) result) => (result.Code, result.Output, result.Error.TrimEnd());

    private static async Task<(int Code, string Output, string Error)> RunAsync(RetrainingWork work, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await RetrainingProgram.RunAsync(work, args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
