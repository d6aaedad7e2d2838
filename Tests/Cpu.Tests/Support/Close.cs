namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>Comparisons with derived tolerances.</summary>
internal static class Close
{
    /// <summary>
    /// The rounding that a sum of products may carry: the largest product times the number of terms times float's epsilon, 2^-23.
    /// </summary>
    public static double OfSum(double largestProduct, int terms) => largestProduct * terms / (1 << 23);

    public static void Assert(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what = "value")
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that NaN fails.
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
            {
                Xunit.Assert.Fail($"{what} {i} of {expected.Length}: expected {expected[i]:R}, got {actual[i]:R}, tolerance {tolerance:E2}");
            }
        }
    }

    public static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Xunit.Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
            {
                Xunit.Assert.Fail($"{what} {i}: {expected[i]:R} against {actual[i]:R}");
            }
        }
    }
}
