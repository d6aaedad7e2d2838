using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Trainers;

/// <summary>The samples' classes, smoothed, weighted and mixed as the options say.</summary>
internal sealed class ClassificationObjective : IObjective
{
    private readonly SoftTargets? _targets;
    private readonly BatchMixer? _mixer;

    /// <summary>Prepares class weights, mixup and CutMix as configured.</summary>
    /// <param name="input">One sample's shape.</param>
    /// <param name="train">The training images.</param>
    /// <param name="options">The options.</param>
    /// <param name="maxBatch">The largest batch.</param>
    /// <param name="areImages">Whether samples are images, whose regions CutMix can exchange.</param>
    public ClassificationObjective(Shape input, ImageDataset train, FineTuneOptions options, int maxBatch, bool areImages)
    {
        float[]? weights = options.ClassBalance.Weights?.For(train.ClassNames, train.CountPerClass());
        double cutMix = areImages ? options.Regularization.CutMix : 0;
        bool mixes = options.Regularization.Mixup > 0 || cutMix > 0;
        _targets = mixes || weights is not null ? new SoftTargets(train.ClassNames.Count, maxBatch, options.Regularization.LabelSmoothing, weights) : null;
        _mixer = mixes ? new BatchMixer(input, options.Regularization.Mixup, cutMix, options.Seed) : null;
        Loss = new SoftmaxCrossEntropy { LabelSmoothing = (float)options.Regularization.LabelSmoothing };
    }

    public LossSpec Loss { get; }

    public HostBatch Prepare(SampleBatch samples, int epoch, int batch)
    {
        if (_targets is null)
        {
            return new HostBatch(samples.Inputs, Targets.Labels(samples.Labels));
        }

        Span<float> targets = _targets.Fill(samples.Labels);
        _mixer?.Mix(samples.Inputs, targets, samples.Count, epoch, batch);
        return new HostBatch(samples.Inputs, Targets.Distributions(targets));
    }
}
