using MLClassify.Imaging;

namespace MLClassify.Datasets;

/// <summary>A small gray image and its distinctive places: blobs and corners, not edges (Lowe 2004, doi:10.1023/B:VISI.0000029664.99615.94).</summary>
internal sealed class GrayLevel
{
    // The patch around a place: eight by eight samples, every other pixel.
    private const int Margin = 8;
    private const int PatchSamples = 8;
    private const int PairDistance = 3;

    // Of 255: what noise and compression rarely reach after the blur.
    private const float LeastContrast = 5;

    // Lowe's limit of the curvatures' ratio, 10: (10 + 1)² / 10.
    private const float MostEdge = 12.1f;

    private static readonly int[] PairStarts = [0, 1, 3, 4];

    private readonly float[] _smooth;
    private readonly float[] _detail;

    public GrayLevel(Image image)
    {
        (Width, Height) = (image.Width, image.Height);
        float[] gray = new float[Width * Height];
        ReadOnlySpan<byte> pixels = image.Pixels;
        for (int i = 0; i < gray.Length; i++)
        {
            gray[i] = (0.299f * pixels[3 * i]) + (0.587f * pixels[(3 * i) + 1]) + (0.114f * pixels[(3 * i) + 2]);
        }

        _smooth = Blur(gray, 1);
        float[] coarse = Blur(Blur(gray, 3), 3);
        _detail = [.. _smooth.Select((value, i) => value - coarse[i])];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The slightly blurred gray at a place, between pixels.</summary>
    public float At(float x, float y)
    {
        int left = Math.Clamp((int)x, 0, Width - 2);
        int top = Math.Clamp((int)y, 0, Height - 2);
        float right = x - left;
        float down = y - top;
        int i = (top * Width) + left;
        return ((1 - down) * (((1 - right) * _smooth[i]) + (right * _smooth[i + 1]))) + (down * (((1 - right) * _smooth[i + Width]) + (right * _smooth[i + Width + 1])));
    }

    /// <summary>The strongest places, in the coordinates of a thumbnail.</summary>
    /// <param name="most">How many.</param>
    /// <param name="scale">This level's size relative to the thumbnail's.</param>
    public IEnumerable<Keypoint> Keypoints(int most, float scale)
    {
        var found = new List<(float Strength, int X, int Y)>();
        for (int y = Margin; y < Height - Margin; y++)
        {
            for (int x = Margin; x < Width - Margin; x++)
            {
                float strength = Math.Abs(_detail[(y * Width) + x]);
                if (strength >= LeastContrast && IsExtremum(x, y) && !IsEdge(x, y))
                {
                    found.Add((strength, x, y));
                }
            }
        }

        return found.OrderByDescending(place => place.Strength).Take(most).Select(place => new Keypoint(place.X / scale, place.Y / scale, scale, Describe(place.X, place.Y)));
    }

    private bool IsExtremum(int x, int y)
    {
        float own = _detail[(y * Width) + x];
        float sign = Math.Sign(own);
        for (int dy = -2; dy <= 2; dy++)
        {
            for (int dx = -2; dx <= 2; dx++)
            {
                if ((dx != 0 || dy != 0) && _detail[((y + dy) * Width) + x + dx] * sign >= own * sign)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private bool IsEdge(int x, int y)
    {
        int i = (y * Width) + x;
        float xx = _detail[i - 1] + _detail[i + 1] - (2 * _detail[i]);
        float yy = _detail[i - Width] + _detail[i + Width] - (2 * _detail[i]);
        float xy = (_detail[i + Width + 1] - _detail[i + Width - 1] - _detail[i - Width + 1] + _detail[i - Width - 1]) / 4;
        float determinant = (xx * yy) - (xy * xy);
        return determinant <= 0 || (xx + yy) * (xx + yy) > MostEdge * determinant;
    }

    private ulong Describe(int x, int y)
    {
        float Sample(int column, int row) => _smooth[((y + (2 * row) - PatchSamples + 1) * Width) + x + (2 * column) - PatchSamples + 1];
        ulong bits = 0;
        for (int line = 0; line < PatchSamples; line++)
        {
            foreach (int start in PairStarts)
            {
                bits = (bits << 1) | (Sample(start, line) < Sample(start + PairDistance, line) ? 1UL : 0);
                bits = (bits << 1) | (Sample(line, start) < Sample(line, start + PairDistance) ? 1UL : 0);
            }
        }

        return bits;
    }

    // The mean of a square, whose part outside the image does not count.
    private float[] Blur(float[] values, int radius)
    {
        float[] across = new float[values.Length];
        float[] result = new float[values.Length];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                (int from, int to) = (Math.Max(0, x - radius), Math.Min(Width - 1, x + radius));
                float sum = 0;
                for (int i = from; i <= to; i++)
                {
                    sum += values[(y * Width) + i];
                }

                across[(y * Width) + x] = sum / (to - from + 1);
            }
        }

        for (int y = 0; y < Height; y++)
        {
            (int from, int to) = (Math.Max(0, y - radius), Math.Min(Height - 1, y + radius));
            for (int x = 0; x < Width; x++)
            {
                float sum = 0;
                for (int i = from; i <= to; i++)
                {
                    sum += across[(i * Width) + x];
                }

                result[(y * Width) + x] = sum / (to - from + 1);
            }
        }

        return result;
    }
}
