namespace MLClassify.Trainers;

/// <summary>
/// Where a search writes its trials and what they came to. <c>SearchFolder</c> of MLClassify.Reports writes a run's folder for every trial,
/// a table and a page.
/// </summary>
public interface ISearchRun
{
    /// <summary>Makes a place for a trial's run.</summary>
    /// <param name="number">The trial's number, from 1.</param>
    ITrialRun CreateTrial(int number);

    /// <summary>Receives the outcomes after every trial.</summary>
    /// <param name="soFar">The trials that are over.</param>
    void TrialCompleted(SearchResult soFar);

    /// <summary>Receives the outcomes at the end, also where a trial failed after others had succeeded.</summary>
    /// <param name="result">All trials that are over.</param>
    void Complete(SearchResult result);
}

/// <summary>Where one trial of a search writes: begun before training, then either completed or abandoned.</summary>
public interface ITrialRun : ITrainingRun
{
    /// <summary>Receives what decides the trial.</summary>
    /// <param name="options">The options, resolved.</param>
    /// <param name="train">The training images.</param>
    /// <param name="validation">The validation images.</param>
    void Begin(FineTuneOptions options, ImageDataset train, ImageDataset validation);

    /// <summary>Receives the result.</summary>
    /// <param name="result">The result; disposed by the search.</param>
    void Complete(TrainingResult result);

    /// <summary>The trial failed, diverged or was ended before it had a result.</summary>
    void Abandon();
}
