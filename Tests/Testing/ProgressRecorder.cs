namespace MLClassify.Testing;

/// <summary>Keeps what is reported, and reacts on the reporting thread before the work goes on: <see cref="Progress{T}"/> does neither.</summary>
/// <typeparam name="T">What is reported.</typeparam>
/// <param name="react">Called with each report, or null.</param>
public sealed class ProgressRecorder<T>(Action<T>? react = null) : IProgress<T>
{
    private readonly List<T> _reports = [];

    /// <summary>The reports so far, in order.</summary>
    public IReadOnlyList<T> Reports
    {
        get
        {
            lock (_reports)
            {
                return [.. _reports];
            }
        }
    }

    /// <inheritdoc/>
    public void Report(T value)
    {
        lock (_reports)
        {
            _reports.Add(value);
        }

        react?.Invoke(value);
    }
}
