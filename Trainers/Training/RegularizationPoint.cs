namespace MLClassify;

/// <summary>How well a head with one strength of regularization does on training images that it has not seen (cross-validation).</summary>
/// <param name="Strength">What half the squared weights of scaled features count beside the mean loss.</param>
/// <param name="Loss">The mean cross-entropy, with the run's class weights.</param>
/// <param name="Accuracy">The accuracy, 0..1.</param>
/// <param name="BalancedAccuracy">The mean recall of the classes, 0..1.</param>
/// <param name="IsChosen">Whether the head has this strength.</param>
public sealed record RegularizationPoint(double Strength, double Loss, double Accuracy, double BalancedAccuracy, bool IsChosen);
