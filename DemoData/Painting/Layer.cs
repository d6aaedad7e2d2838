using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>A transparent sheet: linear light, premultiplied, <c>(R, G, B, A)</c> a pixel.</summary>
internal sealed class Layer(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    public Vector4[] Pixels { get; } = new Vector4[width * height];

    /// <summary>Lays another sheet of the same size on this one.</summary>
    public void Cover(Layer upper)
    {
        for (int i = 0; i < Pixels.Length; i++)
        {
            Vector4 over = upper.Pixels[i];
            Pixels[i] = over + (Pixels[i] * (1 - over.W));
        }
    }

    /// <summary>Averages squares of samples into pixels.</summary>
    public Layer Shrink(int factor)
    {
        if (factor == 1)
        {
            return this;
        }

        var small = new Layer(Width / factor, Height / factor);
        float share = 1f / (factor * factor);
        for (int y = 0; y < small.Height; y++)
        {
            for (int x = 0; x < small.Width; x++)
            {
                Vector4 sum = Vector4.Zero;
                for (int row = 0; row < factor; row++)
                {
                    foreach (Vector4 sample in Pixels.AsSpan((((y * factor) + row) * Width) + (x * factor), factor))
                    {
                        sum += sample;
                    }
                }

                small.Pixels[(y * small.Width) + x] = sum * share;
            }
        }

        return small;
    }

    /// <summary>Three box filters, together close to a Gaussian.</summary>
    /// <param name="deviation">Its standard deviation in pixels; below 0.1 nothing happens.</param>
    public void Blur(float deviation)
    {
        if (deviation < 0.1f)
        {
            return;
        }

        // Three boxes of w whole pixels to either side have variance w (w + 1); a share f of one more pixel gives the rest.
        float variance = deviation * deviation;
        int whole = (int)((MathF.Sqrt(1 + (4 * variance)) - 1) / 2);
        float rest = ((2 * whole) + 1) * (variance - (whole * (whole + 1))) / ((6 * (whole + 1) * (whole + 1)) - (2 * variance));
        var line = new Vector4[Math.Max(Width, Height)];
        for (int pass = 0; pass < 3; pass++)
        {
            for (int y = 0; y < Height; y++)
            {
                BlurLine(line.AsSpan(0, Width), y * Width, 1, whole, rest);
            }

            for (int x = 0; x < Width; x++)
            {
                BlurLine(line.AsSpan(0, Height), x, Width, whole, rest);
            }
        }
    }

    private void BlurLine(Span<Vector4> line, int start, int step, int whole, float rest)
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = Pixels[start + (i * step)];
        }

        float share = 1 / ((2 * (whole + rest)) + 1);
        int last = line.Length - 1;
        Vector4 sum = Vector4.Zero;
        for (int i = -whole; i <= whole; i++)
        {
            sum += line[Math.Clamp(i, 0, last)];
        }

        for (int i = 0; i <= last; i++)
        {
            Vector4 before = line[Math.Max(i - whole - 1, 0)];
            Vector4 after = line[Math.Min(i + whole + 1, last)];
            Pixels[start + (i * step)] = (sum + (rest * (before + after))) * share;
            sum += after - line[Math.Max(i - whole, 0)];
        }
    }
}
