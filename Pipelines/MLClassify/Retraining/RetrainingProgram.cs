using System.Runtime.InteropServices;

namespace MLClassify;

/// <summary>Trains anew.</summary>
/// <param name="force">Whether the model is replaced even by a worse one.</param>
/// <param name="progress">Told after every batch; nobody when null.</param>
/// <param name="cancellationToken">Ends the work; the model in place stays.</param>
public delegate Task<ReplacementResult> RetrainingWork(bool force, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken);

/// <summary>What a console program that retrains has around it: its options, a line an epoch, Ctrl-C, errors in one line, an exit code.</summary>
public static class RetrainingProgram
{
    /// <summary>The exit code when the new model is in place.</summary>
    public const int Replaced = 0;

    /// <summary>The exit code when the work failed.</summary>
    public const int Failed = 1;

    /// <summary>The exit code when an argument is not understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>The exit code when the new model is worse, and the old one stays.</summary>
    public const int Kept = 3;

    /// <summary>The exit code after Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs the program.</summary>
    /// <param name="retrain">Trains and replaces.</param>
    /// <param name="args">The arguments: nothing, or <c>--force</c>.</param>
    /// <param name="output">Where results go; the console when null.</param>
    /// <param name="error">Where errors go; the console when null.</param>
    /// <returns>The exit code: one of the constants here.</returns>
    public static async Task<int> RunAsync(
        RetrainingWork retrain, IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null)
    {
        ArgumentNullException.ThrowIfNull(retrain);
        ArgumentNullException.ThrowIfNull(args);
        (output, error) = (output ?? Console.Out, error ?? Console.Error);
        if (args.Any(argument => argument != "--force"))
        {
            await error.WriteLineAsync($"error: '{args.First(argument => argument != "--force")}' is not understood; there is --force, which replaces a model even by a worse one").ConfigureAwait(false);
            return WrongUsage;
        }

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            ReplacementResult result = await retrain(args.Count > 0, new EpochLines(output), stop.Token).ConfigureAwait(false);
            await output.WriteLineAsync(result.ToString()).ConfigureAwait(false);
            return result.IsInPlace ? Replaced : Kept;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("error: cancelled; the model in place stays").ConfigureAwait(false);
            return Cancelled;
        }
        catch (Exception e)
        {
            await error.WriteLineAsync($"error: {e.Message}").ConfigureAwait(false);
            return Failed;
        }
    }
}

/// <summary>Writes a line an epoch.</summary>
/// <param name="writer">Where to.</param>
public sealed class EpochLines(TextWriter writer) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Completed is null)
        {
            return;
        }

        writer.WriteLine(FormattableString.Invariant(
            $"epoch {value.Epoch}/{value.Epochs}: loss {value.TrainLoss:0.0000}, held out {100 * (value.ValidationAccuracy ?? 0):0.0} %{(value.IsBest ? ", best so far" : "")}"));
        writer.Flush();
    }
}
