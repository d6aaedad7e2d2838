using System.Diagnostics;
using System.Globalization;

namespace MLClassify.Cli.Output;

/// <summary>Says that a folder is being written, and how far it is every ten seconds.</summary>
/// <param name="writer">The destination.</param>
internal sealed class UnpackView(TextWriter writer) : IProgress<int>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _last;

    /// <inheritdoc/>
    public void Report(int value)
    {
        if (_last != 0 && Stopwatch.GetElapsedTime(_last) < Pause)
        {
            return;
        }

        string line = _last == 0 ? "unpacking" : string.Create(CultureInfo.InvariantCulture, $"unpacking: {value} images");
        _last = Stopwatch.GetTimestamp();
        writer.WriteLine(line);
        writer.Flush();
    }
}
