using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace MLClassify.Engines.Torch.Training;

/// <summary>Losses of a batch of logits, in float32 on the device.</summary>
internal static class LossFunctions
{
    /// <summary>Brings targets to the device.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="samples">Samples of the batch.</param>
    /// <param name="output">One sample's output.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static Tensor Load(Targets targets, LossSpec loss, int samples, Shape output, Device device)
    {
        bool fits = targets.Kind == TargetKind.Values == loss is MeanSquaredError;
        (int count, int rest) = targets.Kind == TargetKind.Labels ? (targets.LabelSpan.Length, 0) : Math.DivRem(targets.RowSpan.Length, output.Count);
        if (!fits || count != samples || rest != 0)
        {
            throw new ArgumentException($"Expected targets of {samples} samples for the loss {loss}, got {targets.Kind} of {count}.", nameof(targets));
        }

        if (targets.Kind != TargetKind.Labels)
        {
            using Tensor rows = HostTensors.From(targets.RowSpan, samples, output.Count);
            return rows.to(device, copy: true);
        }

        foreach (int label in targets.LabelSpan)
        {
            if (label < 0 || label >= output.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(targets), label, FormattableString.Invariant($"A label is {label}; there are {output.Count} classes."));
            }
        }

        using Tensor labels = HostTensors.Labels(targets.LabelSpan);
        return labels.to(device, copy: true);
    }

    /// <summary>The sum of the samples' losses.</summary>
    /// <param name="logits"><c>[N, outputs]</c>.</param>
    /// <param name="targets">What <see cref="Load"/> gave.</param>
    /// <param name="kind">What they are.</param>
    /// <param name="loss">The loss.</param>
    public static Tensor Sum(Tensor logits, Tensor targets, TargetKind kind, LossSpec loss) => kind switch
    {
        TargetKind.Labels => functional.cross_entropy(logits, targets, reduction: Reduction.Sum, label_smoothing: ((SoftmaxCrossEntropy)loss).LabelSmoothing),
        TargetKind.Values => logits.sub(targets).square().sum().div(logits.shape[1]),

        // Without a share a logit of minus infinity must not reach the loss.
        _ => functional.log_softmax(logits, 1).masked_fill(targets.eq(0), 0).mul(targets).sum().neg(),
    };

    /// <summary>How many samples have their largest logit at the true class.</summary>
    public static Tensor Correct(Tensor logits, Tensor targets, TargetKind kind) => kind switch
    {
        TargetKind.Labels => logits.argmax(1).eq(targets).sum(ScalarType.Float32),
        TargetKind.Values => zeros([], ScalarType.Float32, logits.device),
        _ => logits.argmax(1).eq(targets.argmax(1)).sum(ScalarType.Float32),
    };
}
