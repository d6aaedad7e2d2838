using MLClassify.Engines;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>A batch on the device, kept until its step is known to be good.</summary>
/// <param name="Input">The samples, <c>[N, H, W, C]</c>.</param>
/// <param name="Targets">Their targets.</param>
/// <param name="Kind">What these are.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Step">The batch's number in the run.</param>
internal sealed record SentBatch(Tensor Input, Tensor Targets, TargetKind Kind, int Samples, long Step);
