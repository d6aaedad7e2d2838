namespace MLClassify.Trainers;

/// <summary>Predicts how long the rest of a run takes, from what each phase has cost so far.</summary>
internal sealed class TimeEstimate
{
    /// <summary>A step's cost in forward passes, for a phase that was not measured yet: forward, and twice as much backward.</summary>
    private const double StepsPerPass = 3;

    private readonly Dictionary<TrainingPhase, Work> _phases = [];

    /// <summary>Says how many images a phase has in all, over all epochs.</summary>
    public void Plan(TrainingPhase phase, long images) => _phases[phase] = new Work { Planned = images };

    /// <summary>Counts work that was done.</summary>
    public void Add(TrainingPhase phase, int images, TimeSpan time)
    {
        if (_phases.TryGetValue(phase, out Work? work))
        {
            work.Done += images;
            work.Time += time;
        }
    }

    /// <summary>Images a second in a phase; 0 while nothing was measured.</summary>
    public double Rate(TrainingPhase phase) =>
        _phases.TryGetValue(phase, out Work? work) && work.Time > TimeSpan.Zero ? work.Done / work.Time.TotalSeconds : 0;

    /// <summary>The estimated time left; null before the first measurement.</summary>
    public TimeSpan? Remaining()
    {
        double seconds = 0;
        bool isKnown = false;
        foreach ((TrainingPhase phase, Work work) in _phases)
        {
            double cost = Cost(phase);
            isKnown |= cost > 0;
            seconds += Math.Max(0, work.Planned - work.Done) * cost;
        }

        return isKnown ? TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2)) : null;
    }

    private double Cost(TrainingPhase phase)
    {
        double rate = Rate(phase);
        if (rate > 0)
        {
            return 1 / rate;
        }

        // Training a head on features costs next to nothing beside computing them, so that phase needs no guess.
        double training = Rate(TrainingPhase.Training);
        return phase == TrainingPhase.Evaluating && training > 0 ? 1 / (training * StepsPerPass) : 0;
    }

    private sealed class Work
    {
        public long Planned { get; init; }

        public long Done { get; set; }

        public TimeSpan Time { get; set; }
    }
}
