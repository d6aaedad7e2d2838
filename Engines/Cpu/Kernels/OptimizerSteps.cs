namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>One step of stochastic gradient descent with momentum, in PyTorch's form: <c>v = momentum v + g + decay w; w -= rate v</c>.</summary>
/// <param name="LearningRate">The rate.</param>
/// <param name="Momentum">The velocity's factor; 0 for none.</param>
/// <param name="WeightDecay">The share of the weight added to its gradient.</param>
/// <param name="Nesterov">Whether the step looks ahead: <c>w -= rate (g + momentum v)</c>.</param>
internal readonly record struct SgdStep(float LearningRate, float Momentum, float WeightDecay, bool Nesterov);

/// <summary>One step of Adam (Kingma and Ba 2015, arXiv:1412.6980) or AdamW (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
/// <param name="LearningRate">The rate.</param>
/// <param name="Beta1">The first moment's factor.</param>
/// <param name="Beta2">The second moment's factor.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">The decay: part of the gradient in Adam, taken off the weight in AdamW.</param>
/// <param name="Decoupled">Whether this is AdamW.</param>
/// <param name="Correction1">The first moment's bias correction, <c>1 - beta1^t</c>.</param>
/// <param name="Correction2">The second moment's bias correction, <c>1 - beta2^t</c>.</param>
internal readonly record struct AdamStep(float LearningRate, float Beta1, float Beta2, float Epsilon, float WeightDecay, bool Decoupled, float Correction1, float Correction2);
