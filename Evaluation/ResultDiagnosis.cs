using System.Globalization;

namespace MLClassify.Evaluation;

/// <summary>
/// Says what a result is worth: against always giving the same answer, against the accuracy on the training images, class by class, and
/// whether there are images enough to tell.
/// </summary>
/// <remarks>
/// A pure function of the counts. "Always the same answer" is that of the class with the most images. What the network can is the share of
/// the way from there to no mistake, in accuracy or in balanced accuracy, whichever is larger, lest a set with one large class hide what is
/// recognized of the small ones.
/// </remarks>
internal static class ResultDiagnosis
{
    /// <summary>With fewer images the interval of the accuracy is wider than most differences that matter.</summary>
    public const int FewImages = 100;

    /// <summary>With fewer images the accuracy says next to nothing.</summary>
    public const int VeryFewImages = 30;

    /// <summary>Half the way from guessing to no mistake.</summary>
    private const double HalfWay = 0.5;

    /// <summary>A difference of training and validation accuracy that is worth a word.</summary>
    private const double WideGap = 0.15;

    /// <summary>With fewer images of a class, that it is never predicted may be chance.</summary>
    private const int FewOfAClass = 5;

    private const int MostNames = 5;
    private const int NameWidth = 32;

    /// <summary>The verdicts, what is wrong first; at least one where there are images.</summary>
    /// <param name="report">The result.</param>
    /// <param name="trainAccuracy">The accuracy on the training images, 0..1; null where it is not known.</param>
    /// <param name="isSolved">Whether a head was solved, which has neither epochs nor a learning rate.</param>
    public static IReadOnlyList<Verdict> Of(EvaluationResult report, double? trainAccuracy, bool isSolved = false)
    {
        ClassMetrics[] classes = [.. report.Classes.Where(metrics => metrics.Images > 0)];
        if (classes.Length == 0)
        {
            return [];
        }

        ClassMetrics largest = classes.MaxBy(metrics => metrics.Images)!;
        double guess = ClassMetrics.Share(largest.Images, report.Images);
        double ability = Ability(report, classes, guess);
        Verdict? nearGuessing = NearGuessing(report, classes, largest, guess);
        List<Verdict?> found = [nearGuessing, NeverPredicted(classes, ability), nearGuessing is null ? Missed(report, classes) : null];
        if (trainAccuracy is { } known && double.IsFinite(known))
        {
            bool isUnlearned = ability < HalfWay && known - report.Accuracy < WideGap && (guess >= 1 || (known - guess) / (1 - guess) < HalfWay);
            found.Add(isUnlearned ? UnderFitting(report, known, guess, isSolved) : Gap(report, known, ability));
        }

        found.Add(FewOf(classes));
        found.Add(Seen(report));
        if (nearGuessing is null)
        {
            found.Add(Few(report));
        }

        List<Verdict> verdicts = [.. found.OfType<Verdict>()];
        if (verdicts.All(verdict => verdict.Tone != VerdictTone.Problem))
        {
            // A rare class that is known from two images makes no result good.
            bool isSure = report.AccuracyInterval.Low > guess || classes.All(metrics => metrics.Images >= FewOfAClass);
            verdicts.Insert(0, AboveGuessing(report, largest, guess, isSure ? ability : 0));
        }

        return [.. verdicts.OrderByDescending(verdict => verdict.Tone == VerdictTone.Problem)];
    }

    // One class alone leaves nothing to guess.
    private static double Ability(EvaluationResult report, ClassMetrics[] classes, double guess)
    {
        double chance = 1.0 / classes.Length;
        double plain = guess < 1 ? (report.Accuracy - guess) / (1 - guess) : report.Accuracy;
        return chance < 1 ? Math.Max(plain, (report.BalancedAccuracy - chance) / (1 - chance)) : plain;
    }

    private static Verdict AboveGuessing(EvaluationResult report, ClassMetrics largest, double guess, double ability) => new(
        ResultVerdicts.AboveGuessing,
        ability >= HalfWay ? VerdictTone.Good : VerdictTone.Hint,
        Text($"{Recognized(report)} are recognized (95 % interval {report.AccuracyInterval}), {DisplayText.Percent(report.BalancedAccuracy)} on average over the classes; always answering {Name(largest)} would be right for {DisplayText.Percent(guess)}."),
        ability >= HalfWay
            ? "What is left to gain shows in the classes and in the images that are wrong."
            : "That is better than guessing, and not enough to call it good.");

    private static Verdict? NearGuessing(EvaluationResult report, ClassMetrics[] classes, ClassMetrics largest, double guess)
    {
        if (classes.Length < 2 || report.AccuracyInterval.Low > guess || BalancedLow(classes) > 1.0 / classes.Length)
        {
            return null;
        }

        return new Verdict(
            ResultVerdicts.NearGuessing,
            VerdictTone.Problem,
            Text($"{Recognized(report)} are recognized (95 % interval {report.AccuracyInterval}): that cannot be told from always answering {Name(largest)}, which would be right for {DisplayText.Percent(guess)}."),
            report.Images < FewImages
                ? "With so few images little can be told at all: measure on more. Then check that images and labels belong together."
                : "Do not use this model. Check that images and labels belong together; then pretrained weights, another learning rate, more epochs, more images.");
    }

    // The mean of the recalls has the variance of each divided by the number of classes; half an image more on either side keeps
    // a class of few images from being sure of itself (Agresti and Coull 1998).
    private static double BalancedLow(ClassMetrics[] classes)
    {
        double mean = 0;
        double variance = 0;
        foreach (ClassMetrics metrics in classes)
        {
            double recall = (metrics.Correct + 0.5) / (metrics.Images + 1.0);
            mean += metrics.Recall / classes.Length;
            variance += recall * (1 - recall) / metrics.Images / classes.Length / classes.Length;
        }

        return mean - (ConfidenceInterval.Deviate * Math.Sqrt(variance));
    }

    private static Verdict? NeverPredicted(ClassMetrics[] classes, double ability)
    {
        ClassMetrics[] never = [.. classes.Where(metrics => metrics.Predicted == 0)];
        if (never.Length == 0)
        {
            return null;
        }

        long images = never.Sum(metrics => metrics.Images);
        return new Verdict(
            ResultVerdicts.NeverPredicted,
            ability < HalfWay || never.Any(metrics => metrics.Images >= FewOfAClass) ? VerdictTone.Problem : VerdictTone.Hint,
            Text($"No image is taken for {Names(never, Name)}, though {(images == 1 ? "one is" : Text($"{images} are"))}."),
            "Where such a class has few training images, balanced sampling or class weights help; the confusion matrix shows what its images are taken for.");
    }

    private static Verdict? Missed(EvaluationResult report, ClassMetrics[] classes)
    {
        ClassMetrics[] missed =
        [
            .. classes
                .Where(metrics => metrics.Predicted > 0 && metrics.Recall < report.Accuracy && ConfidenceInterval.Of(metrics.Correct, metrics.Images).High < HalfWay)
                .OrderBy(metrics => metrics.Recall),
        ];
        return missed.Length == 0 ? null : new Verdict(
            ResultVerdicts.MissedClasses,
            VerdictTone.Problem,
            Text($"Most images of {Names(missed, metrics => Text($"{Name(metrics)} ({metrics.Correct} of {metrics.Images} recognized)"))} are missed."),
            "The confusion matrix shows what they are taken for: classes that look alike need more images, or are one class; small ones balanced sampling or class weights.");
    }

    private static Verdict UnderFitting(EvaluationResult report, double train, double guess, bool isSolved) => new(
        ResultVerdicts.UnderFitting,
        VerdictTone.Problem,
        Text($"Of the training images {DisplayText.Percent(train)} are recognized, of the others {DisplayText.Percent(report.Accuracy)}, where always giving the same answer would be right for {DisplayText.Percent(guess)}: the task is not learned yet."),
        isSolved
            ? "The head is solved, so more training of it gains nothing: train the whole network, take another backbone; and check that images and labels belong together."
            : "More epochs or a higher learning rate, pretrained weights, more trained layers, a larger network, less augmentation; and check that images and labels belong together.");

    private static Verdict? Gap(EvaluationResult report, double train, double ability) => train - report.Accuracy < WideGap ? null : new Verdict(
        ResultVerdicts.Gap,
        ability < HalfWay ? VerdictTone.Problem : VerdictTone.Hint,
        Text($"Training images are recognized far better than others: {DisplayText.Percent(train)} against {DisplayText.Percent(report.Accuracy)}."),
        "More images help most; stronger augmentation, dropout and weight decay where the network is trained in steps.");

    private static Verdict? Seen(EvaluationResult report) => report.TrainedOn is not > 0 ? null : new Verdict(
        ResultVerdicts.SeenImages,
        VerdictTone.Problem,
        Text($"The model was trained on {report.TrainedOn} of these {report.Images} images: the figures are better than on images that it has not seen."),
        "Measure on others; where copies of an image lie on both sides of a split, keep them on one.");

    private static Verdict? FewOf(ClassMetrics[] classes)
    {
        ClassMetrics[] few = [.. classes.Where(metrics => metrics.Images < FewOfAClass)];
        return few.Length == 0 || few.Length == classes.Length ? null : new Verdict(
            ResultVerdicts.FewOfAClass,
            VerdictTone.Hint,
            Text($"Of {Names(few, metrics => Text($"{Name(metrics)} ({metrics.Images})"))} fewer than {FewOfAClass} images were measured: their recall, and with it the balanced accuracy, says little."),
            "Hold out more of them, or cross-validate.");
    }

    private static Verdict? Few(EvaluationResult report) => report.Images >= FewImages ? null : new Verdict(
        ResultVerdicts.FewImages,
        report.Images < VeryFewImages ? VerdictTone.Problem : VerdictTone.Hint,
        Text($"{(report.Images == 1 ? "One image was" : Text($"{report.Images} images were"))} measured: the accuracy lies anywhere from {report.AccuracyInterval}."),
        "Measure on more images, or cross-validate, before choosing by this figure.");

    private static string Recognized(EvaluationResult report) => Text($"{DisplayText.Percent(report.Accuracy)} of {report.Images} images");

    private static string Names(ClassMetrics[] classes, Func<ClassMetrics, string> name)
    {
        string[] shown = [.. classes.Take(MostNames).Select(name)];
        return classes.Length switch
        {
            > MostNames => Text($"{string.Join(", ", shown)} and {classes.Length - MostNames} more classes"),
            1 => shown[0],
            _ => $"{string.Join(", ", shown[..^1])} and {shown[^1]}",
        };
    }

    private static string Name(ClassMetrics metrics) => $"\"{DisplayText.Shorten(DisplayText.Clean(metrics.Name), NameWidth)}\"";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
