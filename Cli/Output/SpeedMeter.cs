using MLClassify.Reports;

namespace MLClassify.Cli.Output;

/// <summary>Notes how many images a second go through each phase of a run.</summary>
internal sealed class SpeedMeter
{
    private readonly double[] _rates = new double[Enum.GetValues<TrainingPhase>().Length];

    /// <summary>The phases that there were, with their latest rates, which are means over the run.</summary>
    public IReadOnlyList<RunSpeed> Speeds =>
        [.. Enum.GetValues<TrainingPhase>().Where(phase => _rates[(int)phase] > 0).Select(phase => new RunSpeed(Name(phase), _rates[(int)phase]))];

    // Steps on stored features are of another kind than steps on images.
    private bool HasFeatures => _rates[(int)TrainingPhase.Features] > 0;

    /// <summary>A view that notes what it passes on.</summary>
    /// <param name="view">Whom to pass it on to.</param>
    public IProgress<TrainingProgress> Through(IProgress<TrainingProgress> view) => new Passage(this, view);

    private string Name(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Features => "features",
        TrainingPhase.Evaluating => HasFeatures ? "validation on features" : "validation",
        _ => HasFeatures ? "training on features" : "training",
    };

    private void Note(TrainingProgress value)
    {
        // A solver goes over all images at a time.
        if (value.Phase != TrainingPhase.Solving && double.IsFinite(value.ImagesPerSecond))
        {
            _rates[(int)value.Phase] = value.ImagesPerSecond;
        }
    }

    private sealed class Passage(SpeedMeter meter, IProgress<TrainingProgress> view) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            meter.Note(value);
            view.Report(value);
        }
    }
}
