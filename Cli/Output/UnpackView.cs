using System.Globalization;

namespace MLClassify.Cli.Output;

/// <summary>Says that a folder is being written, and how far it is every ten seconds.</summary>
/// <param name="writer">The destination.</param>
/// <param name="time">The clock.</param>
internal sealed class UnpackView(TextWriter writer, TimeProvider time) : IProgress<int>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long? _last;

    /// <inheritdoc/>
    public void Report(int value)
    {
        if (_last is { } last && time.GetElapsedTime(last) < Pause)
        {
            return;
        }

        string line = _last is null ? "unpacking" : string.Create(CultureInfo.InvariantCulture, $"unpacking: {value} images");
        _last = time.GetTimestamp();
        writer.WriteLine(line);
        writer.Flush();
    }
}
