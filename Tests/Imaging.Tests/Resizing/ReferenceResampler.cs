using MLClassify.Imaging.Resizing;

namespace MLClassify.Imaging.Tests.Resizing;

/// <summary>The definition, slow and obvious: whole weights for every pixel, one axis after the other, rounded to bytes between.</summary>
internal static class ReferenceResampler
{
    public static Image Resize(Image image, int width, int height, Interpolation interpolation)
    {
        var rows = new Image(width, image.Height);
        for (int x = 0; x < width; x++)
        {
            long[] weights = Weights(image.Width, width, x, interpolation);
            for (int y = 0; y < image.Height; y++)
            {
                for (int c = 0; c < 3; c++)
                {
                    rows.Row(y)[(3 * x) + c] = Sum(weights, i => image.Row(y)[(3 * i) + c]);
                }
            }
        }

        var result = new Image(width, height);
        for (int y = 0; y < height; y++)
        {
            long[] weights = Weights(image.Height, height, y, interpolation);
            for (int x = 0; x < width * 3; x++)
            {
                result.Row(y)[x] = Sum(weights, i => rows.Row(i)[x]);
            }
        }

        return result;
    }

    private static byte Sum(long[] weights, Func<int, byte> value)
    {
        long sum = 1 << 21;
        for (int i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * value(i);
        }

        return (byte)Math.Clamp(sum >> 22, 0, 255);
    }

    private static long[] Weights(int inputSize, int outputSize, int index, Interpolation interpolation)
    {
        double scale = (double)inputSize / outputSize;
        double stretch = Math.Max(scale, 1);
        double radius = (interpolation == Interpolation.Bicubic ? 2 : 1) * stretch;
        double center = (index + 0.5) * scale;
        double[] weights = new double[inputSize];
        for (int i = 0; i < inputSize; i++)
        {
            bool counts = i >= (int)(center - radius + 0.5) && i < (int)(center + radius + 0.5);
            weights[i] = counts ? Kernel(interpolation, Math.Abs((i - center + 0.5) * (1 / stretch))) : 0;
        }

        double sum = weights.Sum();
        return [.. weights.Select(weight => (long)Math.Round(weight / sum * (1 << 22), MidpointRounding.AwayFromZero))];
    }

    private static double Kernel(Interpolation interpolation, double x) => interpolation switch
    {
        Interpolation.Bilinear => Math.Max(0, 1 - x),
        _ when x < 1 => (1.5 * x * x * x) - (2.5 * x * x) + 1,
        _ when x < 2 => (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2,
        _ => 0,
    };
}
