using MLClassify.Engines;

namespace MLClassify.Trainers;

/// <summary>Measures parameters on the validation set; every sample counts once.</summary>
internal interface IValidator
{
    /// <summary>Samples in the set.</summary>
    int Images { get; }

    /// <summary>Samples in a batch.</summary>
    int BatchSize { get; }

    /// <summary>Runs the network over all samples.</summary>
    /// <param name="parameters">The parameters now.</param>
    /// <param name="batchDone">Called after every batch with its number of samples.</param>
    /// <param name="cancellationToken">Ends the evaluation between batches.</param>
    /// <exception cref="OperationCanceledException">The evaluation was ended.</exception>
    EvaluationResult Evaluate(ParameterStore parameters, Action<int> batchDone, CancellationToken cancellationToken);
}
