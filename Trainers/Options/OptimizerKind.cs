using MLClassify.Engines;

namespace MLClassify;

/// <summary>The optimizer.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum, see <see cref="SgdSpec"/>.</summary>
    Sgd,

    /// <summary>Adam with weight decay as part of the gradient, see <see cref="AdamSpec"/>.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay, see <see cref="AdamSpec"/>.</summary>
    AdamW,

    /// <summary>
    /// Limited-memory BFGS for a linear head alone, whose loss on features is convex: it is solved to its optimum, and cross-validation inside
    /// the training images chooses its regularization. It has no epochs and no learning rate.
    /// </summary>
    Lbfgs,
}
