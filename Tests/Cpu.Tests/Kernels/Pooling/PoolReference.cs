using MLClassify.Engines.Cpu.Kernels.Pooling;

namespace MLClassify.Engines.Cpu.Tests.Pooling;

/// <summary>The obvious loops over windows, one channel at a time.</summary>
internal static class PoolReference
{
    public static IEnumerable<string> Windows { get; } =
    [
        // batch, input, channels, kernel, stride, padding, output
        "2 9x8 21 3 2 1 5x4", "1 7x7 1 2 2 0 3x3", "1 6x5 16 3 1 1 6x5", "2 13x13 17 3 2 0 6x6", "1 8x10 5 3 2 0 4x5", "1 5x5 65 5 1 2 5x5", "1 9x9 33 2 3 1 4x4", "1 1x1 7 1 1 0 1x1",
    ];

    public static PoolGeometry Parse(string name)
    {
        string[] words = name.Split(' ');
        (int height, int width) = Support.Sides.Of(words[1]);
        (int outputHeight, int outputWidth) = Support.Sides.Of(words[6]);
        return new PoolGeometry
        {
            Batch = int.Parse(words[0]),
            InputHeight = height,
            InputWidth = width,
            Channels = int.Parse(words[2]),
            Kernel = int.Parse(words[3]),
            Stride = int.Parse(words[4]),
            Padding = int.Parse(words[5]),
            OutputHeight = outputHeight,
            OutputWidth = outputWidth,
        };
    }

    public static int InputRows(PoolGeometry g) => g.Batch * g.InputHeight * g.InputWidth;

    public static int OutputRows(PoolGeometry g) => g.Batch * g.OutputHeight * g.OutputWidth;

    /// <summary>The input positions of one output's window that lie inside, in order.</summary>
    public static IEnumerable<int> Window(PoolGeometry g, int output)
    {
        int image = output / (g.OutputHeight * g.OutputWidth);
        int oy = output / g.OutputWidth % g.OutputHeight;
        int ox = output % g.OutputWidth;
        (int top, int bottom) = Range(g, oy, g.OutputHeight, g.InputHeight);
        (int left, int right) = Range(g, ox, g.OutputWidth, g.InputWidth);
        for (int y = Math.Max(0, top); y < Math.Min(bottom, g.InputHeight); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(right, g.InputWidth); x++)
            {
                yield return (((image * g.InputHeight) + y) * g.InputWidth) + x;
            }
        }
    }

    private static (int First, int Last) Range(PoolGeometry g, int output, int outputs, int inputs) => g.Kernel == 0
        ? ((int)Math.Floor((double)output * inputs / outputs), (int)Math.Ceiling((output + 1.0) * inputs / outputs))
        : ((output * g.Stride) - g.Padding, (output * g.Stride) - g.Padding + g.Kernel);
}
