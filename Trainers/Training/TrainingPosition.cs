using MLClassify.Preprocessing.Loading;

namespace MLClassify.Trainers;

/// <summary>The position of a run between two steps of the optimizer.</summary>
/// <param name="Epoch">The epoch under way, counted from 0.</param>
/// <param name="Batch">The batch of this epoch that comes next.</param>
/// <param name="Updates">The optimizer's steps in this epoch.</param>
/// <param name="Step">Batches of the whole run so far; the number seeds dropout.</param>
/// <param name="Totals">This epoch's training so far.</param>
internal readonly record struct TrainingPosition(int Epoch, int Batch, int Updates, long Step, EpochTotals Totals)
{
    /// <summary>The start of the next epoch.</summary>
    public TrainingPosition NextEpoch() => new(Epoch + 1, 0, 0, Step, default);
}
