namespace MLClassify.Imaging.Resizing;

/// <summary>The interpolation kernels as functions of the distance, in units of the (widened) pixel pitch.</summary>
internal static class ResampleFilter
{
    /// <summary>The distance at which the kernel ends.</summary>
    public static double Support(Interpolation interpolation) => interpolation == Interpolation.Bicubic ? 2.0 : 1.0;

    public static double Evaluate(Interpolation interpolation, double distance)
    {
        double x = Math.Abs(distance);
        return interpolation == Interpolation.Bicubic ? Cubic(x) : Math.Max(1.0 - x, 0.0);
    }

    // Keys, "Cubic convolution interpolation for digital image processing", 1981, equation 15, with a = -1/2.
    private static double Cubic(double x)
    {
        const double A = -0.5;
        if (x < 1.0)
        {
            return ((((A + 2.0) * x) - (A + 3.0)) * x * x) + 1.0;
        }

        return x < 2.0 ? ((((x - 5.0) * x) + 8.0) * x - 4.0) * A : 0.0;
    }
}
