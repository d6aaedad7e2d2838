using MLClassify.Datasets;
using MLClassify.Graphs;
using MLClassify.Graphs.Sessions;

namespace MLClassify.Trainers;

/// <summary>One batch: its samples, mixed where that is wanted, through the network forward and backward.</summary>
internal sealed class BatchStep
{
    private readonly int[] _labels;

    public BatchStep(int maxBatch) => _labels = new int[maxBatch];

    public required IBatchSource Source { get; init; }

    public required TrainingSession Session { get; init; }

    /// <summary>What samples should be where labels do not say all of it: mixed pictures, weighted classes. Null where they do.</summary>
    public BatchTargets? Targets { get; init; }

    /// <summary>Mixes; needs <see cref="Targets"/>.</summary>
    public BatchMixer? Mixer { get; init; }

    /// <summary>A step as the options want it: class weights, mixup, CutMix.</summary>
    /// <param name="source">Where batches come from.</param>
    /// <param name="session">What is trained.</param>
    /// <param name="input">One sample's shape.</param>
    /// <param name="train">The pictures that are learned from.</param>
    /// <param name="options">The options.</param>
    /// <param name="batch">Samples in a batch at most.</param>
    /// <param name="isPictures">Whether samples have places that CutMix could exchange.</param>
    public static BatchStep Create(
        IBatchSource source, TrainingSession session, Shape input, ImageDataset train, FineTuneOptions options, int batch, bool isPictures)
    {
        float[]? weights = ClassWeights.Parse(options.ClassWeights)?.For(train.ClassNames, train.CountPerClass());
        double cutMix = isPictures ? options.CutMix : 0;
        bool mixes = options.Mixup > 0 || cutMix > 0;
        return new BatchStep(batch)
        {
            Source = source,
            Session = session,
            Targets = mixes || weights is not null ? new BatchTargets(train.ClassNames.Count, batch, options.LabelSmoothing, weights) : null,
            Mixer = mixes ? new BatchMixer(input, options.Mixup, cutMix, options.Seed) : null,
        };
    }

    /// <summary>Computes the gradients of the next batch.</summary>
    /// <param name="epoch">The epoch, counted from 0.</param>
    /// <param name="step">The step's number, which names dropout's chance.</param>
    /// <returns>What it found; of 0 samples at the epoch's end.</returns>
    public StepResult Run(int epoch, long step)
    {
        int count = Source.Next(Session.Input, _labels);
        if (count == 0)
        {
            return default;
        }

        ReadOnlySpan<int> labels = _labels.AsSpan(0, count);
        if (Targets is null)
        {
            return Session.Step(labels, step);
        }

        Span<float> targets = Targets.Fill(labels);
        Mixer?.Mix(Session.Input, targets, count, epoch, Source.Current);
        return Session.StepDistributions(targets, step);
    }

    /// <summary>Where the last batch's values first stop being finite: a layer's name, or null.</summary>
    /// <param name="epoch">The epoch of the last batch.</param>
    /// <param name="step">Its step.</param>
    /// <param name="samples">Its samples.</param>
    public string? FindNonFinite(int epoch, long step, int samples)
    {
        Source.Repeat(Session.Input);
        if (Targets is not null)
        {
            Mixer?.Mix(Session.Input, Targets.Fill(_labels.AsSpan(0, samples)), samples, epoch, Source.Current);
        }

        return Session.FindNonFinite(samples, step);
    }
}
