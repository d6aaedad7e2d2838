namespace MLClassify.Evaluation.Tests.Support;

/// <summary>Training runs that never were: smooth curves with Gaussian noise on each loss.</summary>
internal static class SyntheticCurves
{
    /// <summary>Makes a run.</summary>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="seed">Decides the noise.</param>
    /// <param name="noise">Its standard deviation, as a share of the loss.</param>
    /// <param name="train">The training loss at a time from 0 to 1.</param>
    /// <param name="validation">The validation loss at a time from 0 to 1.</param>
    public static EpochResult[] Run(int epochs, int seed, double noise, Func<double, double> train, Func<double, double>? validation)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, epochs).Select(i =>
        {
            double time = epochs == 1 ? 0 : i / (epochs - 1.0);
            double trainLoss = train(time) * (1 + (noise * Normal(random)));
            double? validationLoss = validation is null ? null : validation(time) * (1 + (noise * Normal(random)));
            return new EpochResult(i + 1, 1, trainLoss, 0.5, validationLoss, validation is null ? null : 0.5, 0.01);
        })];
    }

    /// <summary>A fall that slows down, as most are.</summary>
    public static Func<double, double> Decay(double from, double to, double speed) => time => to + ((from - to) * Math.Exp(-speed * time));

    /// <summary>A straight line.</summary>
    public static Func<double, double> Line(double from, double to) => time => from + ((to - from) * time);

    /// <summary>A fall to a lowest point and a rise after it.</summary>
    public static Func<double, double> Valley(double from, double lowest, double at, double to) =>
        time => time < at ? from + ((lowest - from) * Math.Sin(time / at * Math.PI / 2)) : lowest + ((to - lowest) * (time - at) / (1 - at));

    // Box and Muller 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
