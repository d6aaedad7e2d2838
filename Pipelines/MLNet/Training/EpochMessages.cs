using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>Writes every finished epoch to the context's log, and hands progress on.</summary>
/// <param name="messages">Where ML.NET's components write.</param>
/// <param name="next">Receives all of it; null for nobody.</param>
internal sealed class EpochMessages(IChannel messages, IProgress<TrainingProgress>? next) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Completed is not null)
        {
            messages.Info(MessageSensitivity.None, value.ToString());
        }

        next?.Report(value);
    }
}
