using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MLClassify.Hosting;

/// <summary>
/// Reads options from a configuration's section, by their names; without reflection, so that an application can be compiled ahead of time, and
/// with a word for every key that is none.
/// </summary>
internal static class OptionsSection
{
    private static readonly Dictionary<string, Action<ImageClassifierOptions, string>> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(ImageClassifierOptions.ModelPath)] = (options, text) => options.ModelPath = text,
        ["Device"] = (options, text) => options.Compute = options.Compute with { Device = ComputeDevice.Parse(text) },
        ["Precision"] = (options, text) => options.Compute = options.Compute with { Precision = Choice<ComputePrecision>(text) },
        ["Deterministic"] = (options, text) => options.Compute = options.Compute with { Deterministic = bool.Parse(text) },
        [nameof(ImageClassifierOptions.Threads)] = (options, text) => options.Threads = Small(text),
        [nameof(ImageClassifierOptions.ReloadInterval)] = (options, text) => options.ReloadInterval = Time(text),
        [nameof(ImageClassifierOptions.MaxBatch)] = (options, text) => options.MaxBatch = Small(text),
        [nameof(ImageClassifierOptions.MaxWait)] = (options, text) => options.MaxWait = Time(text),
        [nameof(ImageClassifierOptions.QueueLimit)] = (options, text) => options.QueueLimit = Small(text),
        [nameof(ImageClassifierOptions.MaxImageBytes)] = (options, text) => options.MaxImageBytes = Number(text),
        [nameof(ImageClassifierOptions.MaxPixels)] = (options, text) => options.MaxPixels = Number(text),
        [nameof(ImageClassifierOptions.MaxFiles)] = (options, text) => options.MaxFiles = Small(text),
        [nameof(ImageClassifierOptions.MaxRequestBytes)] = (options, text) => options.MaxRequestBytes = Number(text),
        [nameof(ImageClassifierOptions.MaxBufferedBytes)] = (options, text) => options.MaxBufferedBytes = Number(text),
        [nameof(ImageClassifierOptions.UploadTimeout)] = (options, text) => options.UploadTimeout = Time(text),
        [nameof(ImageClassifierOptions.MaxConcurrentDecodes)] = (options, text) => options.MaxConcurrentDecodes = Small(text),
        [nameof(ImageClassifierOptions.Top)] = (options, text) => options.Top = Small(text),
        [nameof(ImageClassifierOptions.Views)] = (options, text) => options.Views = Choice<TestTimeViews>(text),
    };

    /// <summary>Sets what a section has.</summary>
    /// <param name="section">The section.</param>
    /// <param name="options">Receives it.</param>
    /// <exception cref="InvalidOperationException">A key is no option, or a value none of its kind.</exception>
    public static void Bind(IConfiguration section, ImageClassifierOptions options)
    {
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            if (!Keys.TryGetValue(entry.Key, out Action<ImageClassifierOptions, string>? set))
            {
                throw new InvalidOperationException($"Configuration, {entry.Path}: there is no such option of an image classifier; there are {string.Join(", ", Keys.Keys)}.");
            }

            try
            {
                set(options, entry.Value ?? throw new FormatException("a value is expected, not a section"));
            }
            catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
            {
                throw new InvalidOperationException($"Configuration, {entry.Path}: '{entry.Value}' cannot be used: {e.Message}", e);
            }
        }
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static int Small(string text) => checked((int)Number(text));

    private static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);

    private static T Choice<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"expected one of {string.Join(", ", Enum.GetNames<T>())}");
}
