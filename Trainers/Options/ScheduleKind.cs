using MLClassify.Trainers;

namespace MLClassify;

/// <summary>How the learning rate changes over a run.</summary>
public enum ScheduleKind
{
    /// <summary>It does not, see <see cref="ConstantSchedule"/>.</summary>
    Constant,

    /// <summary>A tenth after each third of the epochs, or after given ones, see <see cref="StepSchedule"/>.</summary>
    Step,

    /// <summary>Half a cosine down to zero, see <see cref="CosineSchedule"/>.</summary>
    Cosine,

    /// <summary>A tenth whenever validation gets no better for a while, see <see cref="PlateauRule"/>.</summary>
    Plateau,

    /// <summary>Up, then down, see <see cref="OneCycleSchedule"/>.</summary>
    OneCycle,
}
