namespace MLClassify.Trainers;

/// <summary>What a schedule says about one step.</summary>
/// <param name="RateFactor">Multiplies every group's learning rate.</param>
/// <param name="Momentum">Replaces the optimiser's momentum (Adam's beta1); null leaves it.</param>
public readonly record struct SchedulePoint(double RateFactor, double? Momentum = null);
