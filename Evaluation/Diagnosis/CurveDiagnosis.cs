using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>
/// Describes in words what the curves of a training run show and what to do about it: whether training and validation loss fall together, part
/// (over-fitting), stand still, rise or shake, and how they end.
/// </summary>
/// <remarks>
/// A pure function of the epochs. Trends are told from noise by the Mann-Kendall test at 1 % (2.5 % for how training ends), and must also
/// be large enough to mention: 3 % of the loss
/// over the last third of the epochs, 5 % over longer spans. Noise is violent when it typically exceeds 15 % of the loss and 5 % of the first
/// epoch's. What is missing or not finite is said, never guessed; the epochs before the first loss that is not finite are judged for
/// themselves.
/// </remarks>
internal static class CurveDiagnosis
{
    /// <summary>With fewer epochs there is no verdict.</summary>
    public const int FewestEpochs = Trend.FewestValues;

    /// <summary>Beyond this a loss is as good as infinite: sums of such numbers would overflow.</summary>
    private const double LargestLoss = 1e100;

    /// <summary>What the curves say, the most important first; at least one verdict.</summary>
    /// <param name="epochs">The epochs in ascending order; any number, of any values.</param>
    public static IReadOnlyList<Verdict> Of(IReadOnlyList<EpochResult> epochs)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        var verdicts = new List<Verdict>();
        int finite = 0;
        while (finite < epochs.Count && IsFinite(epochs[finite].TrainLoss) && IsFinite(epochs[finite].ValLoss ?? 0))
        {
            finite++;
        }

        if (finite < epochs.Count)
        {
            verdicts.Add(NotFinite(epochs[finite]));
        }

        // A validation that began later, or was left out now and then, makes no curve beside the training's.
        EpochResult[] judged = [.. epochs.Take(finite)];
        if (judged.Length < FewestEpochs)
        {
            if (verdicts.Count == 0)
            {
                verdicts.Add(TooFew(judged.Length));
            }

            return verdicts;
        }

        var train = new LossCurve([.. judged.Select(epoch => epoch.TrainLoss)]);
        bool isValidated = judged.All(epoch => epoch.ValLoss is not null);
        LossCurve? validation = isValidated ? new LossCurve([.. judged.Select(epoch => epoch.ValLoss.GetValueOrDefault())]) : null;
        Verdict pattern = validation is null ? TrainingAlone(train) : Pattern(judged, train, validation);
        verdicts.Add(pattern);
        Verdict? shaking = Shaking(train, validation);
        if (shaking is not null)
        {
            verdicts.Insert(pattern.Tone == VerdictTone.Problem ? verdicts.Count : verdicts.Count - 1, shaking);
        }

        // Where a curve that shakes would end is anyone's guess.
        if (pattern.Id == CurveVerdicts.BothFalling && validation is not null && shaking is null)
        {
            verdicts.Add(Ending(judged, train, validation));
        }

        return verdicts;
    }

    /// <summary>
    /// Whether the training loss still falls clearly over the last third of the epochs (at least four), and the validation loss, where there is
    /// one, does not rise: whether more epochs would have been worth it.
    /// </summary>
    /// <param name="epochs">The epochs in ascending order; any number, of any values.</param>
    internal static bool EndsTooEarly(IReadOnlyList<EpochResult> epochs)
    {
        if (epochs.Count < FewestEpochs || epochs.Any(epoch => !IsFinite(epoch.TrainLoss) || !IsFinite(epoch.ValLoss ?? 0)))
        {
            return false;
        }

        var train = new LossCurve([.. epochs.Select(epoch => epoch.TrainLoss)]);
        if (train.IsAtFloor || train.Tail.Direction != TrendDirection.Falling)
        {
            return false;
        }

        if (epochs.Any(epoch => epoch.ValLoss is null))
        {
            return true;
        }

        var validation = new LossCurve([.. epochs.Select(epoch => epoch.ValLoss.GetValueOrDefault())]);
        return validation.Tail.Direction != TrendDirection.Rising && validation.SinceLowest.Direction != TrendDirection.Rising;
    }

    /// <summary>A rate below this is lower than any optimizer here is used with.</summary>
    private const double UsualRate = 1e-5;

    private static Verdict Pattern(EpochResult[] epochs, LossCurve train, LossCurve validation)
    {
        Trend rise = validation.SinceLowest;
        if (rise.Direction == TrendDirection.Rising)
        {
            bool trainRises = train.SinceLowest.Direction == TrendDirection.Rising
                && train.SinceEpoch(validation.LowestEpoch).Direction == TrendDirection.Rising;
            return trainRises ? BothRising(train, validation) : OverFitting(epochs, train, validation);
        }

        if (train.StartsAtFloor)
        {
            return NothingToLearn(train);
        }

        if (train.HasFallen)
        {
            return validation.HasFallen ? BothFalling(train, validation) : NotGeneralizing(train, validation);
        }

        if (train.HasRisen && validation.HasRisen)
        {
            return BothRising(train, validation);
        }

        bool isStill = !train.HasRisen && !validation.HasRisen && !validation.HasFallen;
        return isStill ? BothFlat(epochs, train) : Unclear(train, validation);
    }

    private static Verdict TrainingAlone(LossCurve train)
    {
        string course = train.HasFallen ? "fell" : train.HasRisen ? "rose" : "hardly moved";
        return new Verdict(
            CurveVerdicts.NoValidation,
            train.HasFallen ? VerdictTone.Hint : VerdictTone.Problem,
            Text($"The training loss {course}, {Course(train)}; there is no validation loss to hold it against."),
            "Hold out some images: whether the network recognizes images that it has never seen cannot be told without them.");
    }

    private static Verdict OverFitting(EpochResult[] epochs, LossCurve train, LossCurve validation)
    {
        EpochResult lowest = epochs[validation.LowestEpoch];
        string training = train.SinceEpoch(validation.LowestEpoch).Direction == TrendDirection.Falling ? "went on falling" : "did not rise";
        return new Verdict(
            CurveVerdicts.OverFitting,
            VerdictTone.Problem,
            Text($"Over-fitting: since epoch {lowest.Epoch} the validation loss rises, from {validation.LowestValue:0.####} to {validation.End:0.####}, while the training loss {training}, to {train.End:0.####}. The network learns its training images by heart."),
            Text($"The best epoch is kept, so nothing is lost. For a better model: stronger augmentation, more images, more dropout or weight decay, label smoothing, or fewer trained layers; early stopping saves the time after epoch {lowest.Epoch}."));
    }

    private static Verdict NotGeneralizing(LossCurve train, LossCurve validation) => new(
        CurveVerdicts.NotGeneralizing,
        VerdictTone.Problem,
        Text($"The training loss fell, {Course(train)}, but the validation loss did not follow, {Course(validation)}: what the network learns does not carry over."),
        "Check that the held-out images are of the same kind and labeled by the same rules, and that no class is missing among the training images. Then as against over-fitting: more images, stronger augmentation, pretrained weights, fewer trained layers.");

    private static Verdict BothFalling(LossCurve train, LossCurve validation) => new(
        CurveVerdicts.BothFalling,
        VerdictTone.Good,
        Text($"Training and validation loss fell together: training {Course(train)}, validation {Course(validation)}. The network learns what carries over to images it has not seen."),
        "Go on like this.");

    private static Verdict BothFlat(EpochResult[] epochs, LossCurve train)
    {
        double highest = epochs.Max(epoch => epoch.LearningRate);
        string rate = Text($"{highest:G4}");
        string direction = highest < UsualRate
            ? "a hundred times higher"
            : "ten times lower if the loss is at or above that of guessing (the logarithm of the number of classes), else ten times higher";
        return new Verdict(
            CurveVerdicts.BothFlat,
            VerdictTone.Problem,
            Text($"Neither loss moved: training stayed near {train.End:0.####}. The network does not learn."),
            $"Change the learning rate first (its highest was {rate}): {direction}. Then the batch size. If neither helps, check that images and labels belong together and that something is trained at all.");
    }

    private static Verdict BothRising(LossCurve train, LossCurve validation) => new(
        CurveVerdicts.BothRising,
        VerdictTone.Problem,
        Text($"Both losses rise: training from {train.LowestValue:0.####} to {train.End:0.####}, validation from {validation.LowestValue:0.####} to {validation.End:0.####}. Training drives the network away from what it knew."),
        "Lower the learning rate, by ten to begin with, or add a warm-up. If that does not help, look at the data: wrong labels, damaged images, a normalization that the weights were not trained with.");

    private static Verdict NothingToLearn(LossCurve train) => new(
        CurveVerdicts.NothingToLearn,
        VerdictTone.Hint,
        Text($"The training loss is near zero from the first epoch on ({train.Start:0.####}): these images teach the network nothing more."),
        "Either the task is solved, or the network has seen these images before; make sure that no training image is also held out. If the validation accuracy is not good enough, more and more varied images are what helps.");

    private static Verdict Unclear(LossCurve train, LossCurve validation) => new(
        CurveVerdicts.Unclear,
        VerdictTone.Hint,
        Text($"The curves show no clear pattern: training {Course(train)}, validation {Course(validation)}."),
        "More epochs would show one; a larger batch or more held-out images make the curves smoother.");

    private static Verdict? Shaking(LossCurve train, LossCurve? validation)
    {
        LossCurve? shaken = train.IsShaking ? train : validation is { IsShaking: true } ? validation : null;
        if (shaken is null)
        {
            return null;
        }

        string which = shaken != train ? "validation loss" : validation is { IsShaking: true } ? "training and validation loss" : "training loss";
        return new Verdict(
            CurveVerdicts.Shaking,
            VerdictTone.Problem,
            Text($"The {which} shakes violently, by typically {shaken.Noise:0.###} from epoch to epoch at a level of {shaken.End:0.###}."),
            "The batch is too small or the learning rate too high: double the batch size or divide the rate by three. With few validation images part of it is random: hold out more.");
    }

    private static Verdict Ending(EpochResult[] epochs, LossCurve train, LossCurve validation)
    {
        Trend tail = validation.Tail;
        if (tail.Direction == TrendDirection.Falling)
        {
            return new Verdict(
                CurveVerdicts.StillFalling,
                VerdictTone.Hint,
                Text($"The validation loss was still falling at the end, by {-tail.Change:0.####} over the last third of the epochs."),
                Text($"Train longer: twice the {epochs.Length} epochs is a good next try."));
        }

        double highest = epochs.Max(epoch => epoch.LearningRate);
        bool isRateSpent = epochs[^1].LearningRate < highest / 20;
        string training = train.IsAtFloor ? "the training loss is near zero"
            : train.Tail.Direction == TrendDirection.Falling ? "the training loss still falls a little" : "so has the training loss";
        string doubt = validation.SeemsToFall ? ", as far as the noise lets one tell" : "";
        string why = isRateSpent ? " The schedule had brought the learning rate down to almost nothing by then, so this is how it should end." : "";
        return new Verdict(
            CurveVerdicts.LeveledOff,
            VerdictTone.Good,
            Text($"The validation loss has leveled off near {validation.End:0.####}{doubt}; {training}.{why}"),
            isRateSpent
                ? "More epochs of the same gain little. For more: train more layers, a larger network, more images, stronger augmentation."
                : "A lower learning rate at the end (a cosine or step schedule) may gain a little; beyond that a larger network, more trained layers, more images.");
    }

    private static Verdict NotFinite(EpochResult epoch)
    {
        bool isTraining = !IsFinite(epoch.TrainLoss);
        double loss = isTraining ? epoch.TrainLoss : epoch.ValLoss.GetValueOrDefault();
        string value = double.IsNaN(loss) ? "not a number (NaN)" : double.IsFinite(loss) ? Text($"beyond all measure ({loss:0.#e0})") : "infinite";
        return new Verdict(
            CurveVerdicts.NotFinite,
            VerdictTone.Problem,
            Text($"In epoch {epoch.Epoch} the {(isTraining ? "training" : "validation")} loss is {value}: training diverged."),
            "Divide the learning rate by ten, or add a warm-up. If it happens in the first epoch, look at the weights that training starts from and at the normalization.");
    }

    private static Verdict TooFew(int epochs) => new(
        CurveVerdicts.TooFewEpochs,
        VerdictTone.Hint,
        epochs == 1 ? "One epoch says nothing about a trend." : Text($"{epochs} epochs are too few to tell a trend from noise."),
        Text($"From {FewestEpochs} epochs on the curves can be judged, and better from ten."));

    private static string Course(LossCurve curve) => Text($"from {curve.Start:0.####} to {curve.End:0.####}");

    private static bool IsFinite(double loss) => Math.Abs(loss) <= LargestLoss;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
