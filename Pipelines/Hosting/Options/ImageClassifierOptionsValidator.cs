using System.Globalization;
using Microsoft.Extensions.Options;

namespace MLClassify.Hosting;

/// <summary>Says everything that is wrong with the options, not only the first.</summary>
internal sealed class ImageClassifierOptionsValidator : IValidateOptions<ImageClassifierOptions>
{
    // What an array of RGB bytes can hold.
    private static readonly long MostPixels = Array.MaxLength / 3;

    public ValidateOptionsResult Validate(string? name, ImageClassifierOptions options)
    {
        var problems = new List<string>();
        CheckModel(options, problems);
        CheckCompute(options.Compute, problems);
        CheckRange(nameof(options.MaxBatch), options.MaxBatch, 1, 256, problems);
        CheckRange(nameof(options.QueueLimit), options.QueueLimit, 1, 100_000, problems);
        CheckRange(nameof(options.MaxImageBytes), options.MaxImageBytes, 1, 1L << 30, problems);
        CheckRange(nameof(options.MaxPixels), options.MaxPixels, 1, MostPixels, problems);
        CheckRange(nameof(options.MaxFiles), options.MaxFiles, 1, 1000, problems);
        CheckRange(nameof(options.MaxRequestBytes), options.MaxRequestBytes, 1, 16L << 30, problems);
        CheckRange(nameof(options.MaxBufferedBytes), options.MaxBufferedBytes, 1, 1L << 40, problems);
        CheckRange(nameof(options.MaxConcurrentDecodes), options.MaxConcurrentDecodes, 0, 1024, problems);
        CheckRange(nameof(options.Top), options.Top, 1, 1000, problems);
        CheckAtLeast(nameof(options.MaxRequestBytes), options.MaxRequestBytes, nameof(options.MaxImageBytes), options.MaxImageBytes, problems);
        // A buffer grows by copying, for a moment there are two, and its length is a power of two.
        CheckAtLeast(nameof(options.MaxBufferedBytes), options.MaxBufferedBytes, $"three times {nameof(options.MaxImageBytes)}", 3 * options.MaxImageBytes, problems);
        if (options.UploadTimeout < TimeSpan.FromSeconds(1) || options.UploadTimeout > TimeSpan.FromHours(1))
        {
            problems.Add(FormattableString.Invariant($"{nameof(options.UploadTimeout)}: expected 1 second to 1 hour, got {options.UploadTimeout}"));
        }

        CheckAtLeast(nameof(options.QueueLimit), options.QueueLimit, nameof(options.MaxFiles), options.MaxFiles, problems);
        if (options.MaxWait < TimeSpan.Zero || options.MaxWait > TimeSpan.FromSeconds(1))
        {
            problems.Add(FormattableString.Invariant($"{nameof(options.MaxWait)}: expected 0 to 1 second, got {options.MaxWait}"));
        }

        if (options.ReloadInterval < TimeSpan.Zero || options.ReloadInterval > TimeSpan.FromDays(1))
        {
            problems.Add(FormattableString.Invariant($"{nameof(options.ReloadInterval)}: expected 0 to 1 day, got {options.ReloadInterval}"));
        }

        if (!Enum.IsDefined(options.Views))
        {
            problems.Add(FormattableString.Invariant($"{nameof(options.Views)}: expected one of {string.Join(", ", Enum.GetNames<TestTimeViews>())}, got {(int)options.Views}"));
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems.Select(problem => string.IsNullOrEmpty(name) ? $"image classifier, {problem}" : $"image classifier '{name}', {problem}"));
    }

    private static void CheckCompute(ComputeOptions? compute, List<string> problems)
    {
        try
        {
            (compute ?? throw new ArgumentException($"{nameof(ImageClassifierOptions.Compute)} is null.")).Validate();
        }
        catch (ArgumentException e)
        {
            problems.Add(e.Message.TrimEnd('.'));
        }
    }

    private static void CheckModel(ImageClassifierOptions options, List<string> problems)
    {
        if (options.IsLoaded)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(options.ModelPath))
        {
            problems.Add($"{nameof(options.ModelPath)}: expected the path of a model file, got none");
        }
        else if (!Path.Exists(options.ModelPath))
        {
            problems.Add($"{nameof(options.ModelPath)}: there is no file '{options.ModelPath}'");
        }
    }

    private static void CheckRange(string name, long value, long lowest, long highest, List<string> problems)
    {
        if (value < lowest || value > highest)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: expected {lowest} to {highest}, got {value}"));
        }
    }

    private static void CheckAtLeast(string name, long value, string otherName, long other, List<string> problems)
    {
        if (value < other)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: expected at least {otherName} ({other}), got {value}"));
        }
    }
}
