using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Devices;

/// <summary>
/// The kernels at one vector width and the memory order that they want. Operators call it; sessions own nothing of it. Views are
/// <c>[N, H, W, C]</c>; a <see cref="GradientTarget"/> says whether to write or to add.
/// </summary>
internal abstract class CpuDevice : IDisposable
{
    /// <summary>Chooses the processor's kernels.</summary>
    /// <param name="threads">Threads, the caller's included; all cores when 0.</param>
    /// <param name="level">The vectors; the widest that there are when null.</param>
    public static CpuDevice Create(int threads = 0, SimdLevel? level = null) => (level ?? SimdSupport.Best) switch
    {
        SimdLevel.Vector512 => new SimdDevice<Simd512, System.Runtime.Intrinsics.Vector512<float>>(threads),
        SimdLevel.Vector256 => new SimdDevice<Simd256, System.Runtime.Intrinsics.Vector256<float>>(threads),
        SimdLevel.Vector128 => new SimdDevice<Simd128, System.Runtime.Intrinsics.Vector128<float>>(threads),
        _ => new SimdDevice<SimdScalar, float>(threads),
    };

    /// <summary>What computes, for people: such as <c>CPU, AVX-512, 2 threads</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Held while a session computes, so that several sessions can share a device.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>How many values a parameter takes in the device's order, padding included.</summary>
    /// <param name="parameter">The declaration.</param>
    public abstract long PackedLength(Parameter parameter);

    /// <summary>Brings values from the outside world's order into the device's; padding becomes zero.</summary>
    /// <param name="parameter">The declaration.</param>
    /// <param name="values">The values in file order.</param>
    /// <param name="packed">The device's order.</param>
    public abstract void Pack(Parameter parameter, ReadOnlySpan<float> values, Span<float> packed);

    /// <summary>Brings values back into the outside world's order.</summary>
    /// <param name="parameter">The declaration.</param>
    /// <param name="packed">The device's order.</param>
    /// <param name="values">The values in file order.</param>
    public abstract void Unpack(Parameter parameter, ReadOnlySpan<float> packed, Span<float> values);

    /// <summary>Multiplies every output channel's filter by a factor, in double precision.</summary>
    /// <param name="parameter">The filters' declaration.</param>
    /// <param name="packed">The filters in the device's order.</param>
    /// <param name="factors">One for each output channel.</param>
    /// <param name="scaled">Receives the products in the same order; padding is not written.</param>
    public abstract void ScaleFilters(Parameter parameter, ReadOnlySpan<float> packed, ReadOnlySpan<double> factors, Span<float> scaled);

    /// <summary>Values that <see cref="PrepareFilters"/> writes; 0 where the filters serve as they are.</summary>
    /// <param name="geometry">Sizes.</param>
    public abstract long PreparedFilterLength(in ConvolutionGeometry geometry);

    /// <summary>Computes once what a convolution with fixed filters would otherwise compute from them in every call.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="weight">Packed filters.</param>
    /// <param name="prepared">Where the result goes.</param>
    public abstract void PrepareFilters(in ConvolutionGeometry geometry, TensorView weight, TensorView prepared);

    /// <summary>Convolution plus bias, plus a summand, then ReLU; the last three where present.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="x">Input.</param>
    /// <param name="weight">Packed filters; not read where they are prepared.</param>
    /// <param name="prepared">What <see cref="PrepareFilters"/> wrote, or absent.</param>
    /// <param name="bias">Bias or absent.</param>
    /// <param name="residual">A summand of the output's shape, or absent.</param>
    /// <param name="reluCeiling">ReLU's upper bound, or null for none.</param>
    /// <param name="y">Output.</param>
    public abstract void Convolution(in ConvolutionGeometry geometry, TensorView x, TensorView weight, TensorView prepared, TensorView bias, TensorView residual, float? reluCeiling, TensorView y);

    /// <summary>The input's gradient of a convolution.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="weight">Packed filters.</param>
    /// <param name="dx">Where the input's gradient goes.</param>
    public abstract void ConvolutionInputGradient(in ConvolutionGeometry geometry, TensorView dy, TensorView weight, GradientTarget dx);

    /// <summary>The filters' and the bias's gradients of a convolution, written, not added.</summary>
    /// <param name="geometry">Sizes.</param>
    /// <param name="x">Input.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dw">The packed filters' gradient, or absent.</param>
    /// <param name="db">The bias's gradient, or absent.</param>
    public abstract void ConvolutionWeightGradient(in ConvolutionGeometry geometry, TensorView x, TensorView dy, TensorView dw, TensorView db);

    /// <summary>Batch normalization, plus a summand, then ReLU; the last two where wanted.</summary>
    /// <param name="arguments">Parameters and statistics.</param>
    /// <param name="x">Input.</param>
    /// <param name="residual">The summand, or absent.</param>
    /// <param name="y">Output; may be the input or the summand.</param>
    public abstract void BatchNorm(in BatchNormArguments arguments, TensorView x, TensorView residual, TensorView y);

    /// <summary>Batch normalization's gradients.</summary>
    /// <param name="arguments">Parameters and the forward pass's statistics.</param>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="y">Output of the forward pass; read where a summand was added before ReLU.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the input's gradient goes; may be <paramref name="dy"/>.</param>
    /// <param name="dresidual">Where the summand's gradient goes; may be <paramref name="dy"/>.</param>
    /// <param name="dscale">The factor's gradient, or absent.</param>
    /// <param name="dshift">The offset's gradient, or absent.</param>
    public abstract void BatchNormGradient(in BatchNormArguments arguments, TensorView x, TensorView y, TensorView dy, GradientTarget dx, GradientTarget dresidual, TensorView dscale, TensorView dshift);

    /// <summary>ReLU.</summary>
    /// <param name="x">Input.</param>
    /// <param name="ceiling">The largest output.</param>
    /// <param name="y">Output; may be the input.</param>
    public abstract void Relu(TensorView x, float ceiling, TensorView y);

    /// <summary>Gradient of ReLU, computed from its output.</summary>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="ceiling">The largest output.</param>
    /// <param name="dx">Where the input's gradient goes; may be <paramref name="dy"/>.</param>
    public abstract void ReluGradient(TensorView y, TensorView dy, float ceiling, GradientTarget dx);

    /// <summary>Maximum of each window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    /// <param name="maxIndices">For each output the winner's place in its window, or null when no gradient follows.</param>
    public abstract unsafe void MaxPool(PoolWindow window, TensorView x, TensorView y, float* maxIndices);

    /// <summary>The gradient of <see cref="MaxPool"/>.</summary>
    /// <param name="window">The window.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="maxIndices">What the forward pass left.</param>
    /// <param name="dx">Where the input's gradient goes.</param>
    public abstract unsafe void MaxPoolGradient(PoolWindow window, TensorView dy, float* maxIndices, GradientTarget dx);

    /// <summary>Mean of each window, the border counted as zeros.</summary>
    /// <param name="window">The window.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public abstract void AveragePool(PoolWindow window, TensorView x, TensorView y);

    /// <summary>The gradient of <see cref="AveragePool"/>.</summary>
    /// <param name="window">The window.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the input's gradient goes.</param>
    public abstract void AveragePoolGradient(PoolWindow window, TensorView dy, GradientTarget dx);

    /// <summary>Mean over windows that cover the input evenly.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public abstract void AdaptiveAveragePool(TensorView x, TensorView y);

    /// <summary>The gradient of <see cref="AdaptiveAveragePool"/>.</summary>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the input's gradient goes.</param>
    public abstract void AdaptiveAveragePoolGradient(TensorView dy, GradientTarget dx);

    /// <summary>Local response normalization.</summary>
    /// <param name="operation">Its constants.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output.</param>
    public abstract void LocalResponseNorm(LocalResponseNormOperator operation, TensorView x, TensorView y);

    /// <summary>Local response normalization's gradient.</summary>
    /// <param name="operation">Its constants.</param>
    /// <param name="x">Input of the forward pass.</param>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the input's gradient goes.</param>
    public abstract void LocalResponseNormGradient(LocalResponseNormOperator operation, TensorView x, TensorView y, TensorView dy, GradientTarget dx);

    /// <summary>Dropout, forward and backward alike: what is dropped follows from the seed and the place.</summary>
    /// <param name="x">Input, or the output's gradient.</param>
    /// <param name="probability">The share that is dropped.</param>
    /// <param name="seed">Names the mask.</param>
    /// <param name="y">Where the result goes; may be the input.</param>
    public abstract void Dropout(TensorView x, float probability, ulong seed, GradientTarget y);

    /// <summary>Element-wise sum.</summary>
    /// <param name="left">One summand.</param>
    /// <param name="right">The other.</param>
    /// <param name="y">Output; may be either.</param>
    public abstract void Add(TensorView left, TensorView right, TensorView y);

    /// <summary>Copies, or adds to what is there.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Where it goes.</param>
    public abstract void Copy(TensorView x, GradientTarget y);

    /// <summary>Sets every value to zero.</summary>
    /// <param name="y">What is cleared; nothing between its positions is touched.</param>
    public abstract void Clear(TensorView y);

    /// <summary>Logistic function.</summary>
    /// <param name="x">Input.</param>
    /// <param name="y">Output; may be the input.</param>
    public abstract void Sigmoid(TensorView x, TensorView y);

    /// <summary>Gradient of the sigmoid, computed from its output.</summary>
    /// <param name="y">Output of the forward pass.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the input's gradient goes; may be <paramref name="dy"/>.</param>
    public abstract void SigmoidGradient(TensorView y, TensorView dy, GradientTarget dx);

    /// <summary>A map times one factor per sample and channel.</summary>
    /// <param name="x">The map.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="y">Output.</param>
    public abstract void Scale(TensorView x, TensorView factors, TensorView y);

    /// <summary>The gradients of <see cref="Scale"/>.</summary>
    /// <param name="x">The map.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="dy">The output's gradient.</param>
    /// <param name="dx">Where the map's gradient goes.</param>
    /// <param name="dfactors">Where the factors' gradient goes.</param>
    public abstract void ScaleGradient(TensorView x, TensorView factors, TensorView dy, GradientTarget dx, GradientTarget dfactors);

    /// <summary>Softmax and cross-entropy with smoothed labels, and their gradient for the mean over the batch.</summary>
    /// <param name="logits">Logits, <c>[N, 1, 1, classes]</c>.</param>
    /// <param name="labels">The true classes.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes.</param>
    /// <param name="gradient">The logits' gradient of the mean loss; absent when not wanted.</param>
    /// <returns>The sum of the samples' losses and the number of samples whose largest logit is the true class's.</returns>
    public abstract (double LossSum, int Correct) SoftmaxCrossEntropy(TensorView logits, ReadOnlySpan<int> labels, float labelSmoothing, TensorView gradient);

    /// <summary>Softmax and cross-entropy against distributions, and their gradient for the mean over the batch.</summary>
    /// <param name="logits">Logits, <c>[N, 1, 1, classes]</c>.</param>
    /// <param name="targets">A row a sample, <c>[N, classes]</c>, of values of at least 0; a row's sum is the sample's weight.</param>
    /// <param name="gradient">The logits' gradient of the mean loss; absent when not wanted.</param>
    /// <returns>The sum of the samples' losses and the number of samples whose largest logit is the class of the largest target.</returns>
    public abstract (double LossSum, int Correct) SoftmaxCrossEntropy(TensorView logits, ReadOnlySpan<float> targets, TensorView gradient);

    /// <summary>The mean squared difference from given values, and its gradient for the mean over the batch.</summary>
    /// <param name="outputs">The network's outputs, <c>[N, 1, 1, length]</c>.</param>
    /// <param name="targets">What they should be, <c>[N, length]</c>.</param>
    /// <param name="gradient">The outputs' gradient of the mean loss; absent when not wanted.</param>
    /// <returns>The sum of the samples' losses, each the mean over its outputs.</returns>
    public abstract double MeanSquaredError(TensorView outputs, ReadOnlySpan<float> targets, TensorView gradient);

    /// <summary>One step of gradient descent with momentum, in place.</summary>
    /// <param name="step">Rates.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="velocity">The momentum's state; empty when the momentum is 0.</param>
    public abstract void SgdStep(in SgdStep step, Span<float> values, ReadOnlySpan<float> gradients, Span<float> velocity);

    /// <summary>One step of Adam or AdamW, in place.</summary>
    /// <param name="step">Rates.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="first">The first moment's state.</param>
    /// <param name="second">The second moment's state.</param>
    public abstract void AdamStep(in AdamStep step, Span<float> values, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second);

    /// <summary><c>y = a x + b y</c>.</summary>
    /// <param name="a">The factor of x.</param>
    /// <param name="x">Added.</param>
    /// <param name="b">The factor of y.</param>
    /// <param name="y">Changed, as many values as x; may be x.</param>
    public abstract void Axpby(float a, ReadOnlySpan<float> x, float b, Span<float> y);

    /// <summary>The sum of squares; not finite where a value is not.</summary>
    /// <param name="x">The values.</param>
    public abstract double SumOfSquares(ReadOnlySpan<float> x);

    /// <summary>Releases threads and memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases threads and memory.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected abstract void Dispose(bool disposing);
}
