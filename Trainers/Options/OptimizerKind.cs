using MLClassify.Engines;

namespace MLClassify;

/// <summary>How gradients become steps.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, see <see cref="SgdSpec"/>.</summary>
    Sgd,

    /// <summary>Adam with weight decay as part of the gradient, see <see cref="AdamSpec"/>.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay, see <see cref="AdamSpec"/>.</summary>
    AdamW,
}
