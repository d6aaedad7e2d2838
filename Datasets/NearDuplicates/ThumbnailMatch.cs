using System.Numerics;

namespace MLClassify.Datasets;

/// <summary>
/// Whether two images show the same photo: one is moved and scaled onto the other by places that they share, and then most of what lies
/// on each other must be alike.
/// </summary>
internal static class ThumbnailMatch
{
    /// <summary>Of 64 bits, how many may differ around a place.</summary>
    public const int MostBits = 14;

    private const int LeastPlaces = 8;
    private const int PlaceSize = 4;
    private const int Cells = 6;
    private const int LeastTexturedCells = 10;
    private const int LeastCellPixels = 16;
    private const double LeastVariance = 12;
    private const double LeastCellCorrelation = 0.6;
    private const double LeastAlikeCells = 0.8;
    private const double LeastCorrelation = 0.85;
    private const double LeastFaintVariance = 0.1;
    private const double ManyTexturedCells = 2.0 / 3;
    private const int LeastFaintCells = 6;
    private const double LeastFaintCorrelation = 0.25;
    private const double LeastOverlap = 0.3;
    private const double MostColorDifference = 48;
    private static readonly float[] Tolerances = [4, 2.5f];

    /// <summary>Compares two images.</summary>
    public static bool IsSame(ImageThumbnail first, ImageThumbnail second)
    {
        if (Distance(first.Color, second.Color) > MostColorDifference)
        {
            return false;
        }

        List<(Keypoint A, Keypoint B)> pairs = Pairs(first, second);
        if (pairs.Count < LeastPlaces)
        {
            return false;
        }

        Placement place = default;
        int most = 0;
        foreach ((Keypoint a, Keypoint b) in pairs)
        {
            float scale = a.Scale / b.Scale;
            var candidate = new Placement(scale, b.X - (scale * a.X), scale, b.Y - (scale * a.Y));
            int inliers = pairs.Count(pair => candidate.Fits(pair, Tolerances[0]));
            if (inliers > most)
            {
                (place, most) = (candidate, inliers);
            }
        }

        foreach (float tolerance in Tolerances)
        {
            (Keypoint A, Keypoint B)[] inliers = [.. pairs.Where(pair => place.Fits(pair, tolerance))];
            if (Places(inliers) < LeastPlaces)
            {
                return false;
            }

            place = Placement.Of(inliers);
        }

        return place.IsPlausible && Agree(first.Gray, second.Gray, place);
    }

    private static double Distance((double Red, double Green, double Blue) a, (double Red, double Green, double Blue) b) =>
        Math.Max(Math.Abs(a.Red - b.Red), Math.Max(Math.Abs(a.Green - b.Green), Math.Abs(a.Blue - b.Blue)));

    private static List<(Keypoint A, Keypoint B)> Pairs(ImageThumbnail first, ImageThumbnail second)
    {
        var pairs = new List<(Keypoint A, Keypoint B)>();
        foreach (Keypoint a in first.Keypoints)
        {
            int least = MostBits + 1;
            Keypoint best = default;
            foreach (Keypoint b in second.Keypoints)
            {
                int differing = BitOperations.PopCount(a.Bits ^ b.Bits);
                if (differing < least)
                {
                    (best, least) = (b, differing);
                }
            }

            if (least <= MostBits)
            {
                pairs.Add((a, best));
            }
        }

        return pairs;
    }

    // The same place on several levels counts once.
    private static int Places((Keypoint A, Keypoint B)[] inliers) =>
        inliers.Select(pair => ((int)pair.A.X / PlaceSize, (int)pair.A.Y / PlaceSize)).Distinct().Count();

    private static bool Agree(GrayLevel first, GrayLevel second, Placement place)
    {
        (float left, float right) = place.Columns(first.Width, second.Width);
        (float top, float bottom) = place.Rows(first.Height, second.Height);
        double area = Math.Max(0, right - left) * Math.Max(0, bottom - top);
        if (area / (first.Width * first.Height) < LeastOverlap || area * place.ScaleX * place.ScaleY / (second.Width * second.Height) < LeastOverlap)
        {
            return false;
        }

        var cells = new Correlation[Cells * Cells];
        for (int y = (int)Math.Ceiling(top); y <= bottom; y++)
        {
            int row = Math.Min(Cells - 1, (int)(Cells * (y - top) / (bottom - top)));
            for (int x = (int)Math.Ceiling(left); x <= right; x++)
            {
                int column = Math.Min(Cells - 1, (int)(Cells * (x - left) / (right - left)));
                cells[(row * Cells) + column].Add(first.At(x, y), second.At(place.X(x), place.Y(y)));
            }
        }

        Correlation[] textured = [.. cells.Where(cell => cell.Count >= LeastCellPixels && Math.Max(cell.VarianceA, cell.VarianceB) > LeastVariance)];
        int alike = textured.Count(cell => cell.Value >= LeastCellCorrelation);
        return textured.Length >= LeastTexturedCells && alike >= LeastAlikeCells * textured.Length && Pooled(textured) >= LeastCorrelation && SharesFaintTexture(cells, textured.Length);
    }

    // Two drawings of a shape have the same outline; what is faint around it, grain or shades, is each one's own. A copy that was saved
    // with less quality has lost it, and says nothing; where most cells have a texture, it is proof enough.
    private static bool SharesFaintTexture(Correlation[] cells, int textured)
    {
        Correlation[] faint = [.. cells.Where(cell => cell.Count >= LeastCellPixels && Math.Max(cell.VarianceA, cell.VarianceB) <= LeastVariance && Math.Min(cell.VarianceA, cell.VarianceB) >= LeastFaintVariance)];
        return textured >= ManyTexturedCells * cells.Length || faint.Length < LeastFaintCells || faint.Count(cell => cell.Value >= LeastFaintCorrelation) >= faint.Length / 2;
    }

    private static double Pooled(Correlation[] cells) =>
        cells.Sum(cell => cell.Covariance) / Math.Sqrt(cells.Sum(cell => cell.VarianceA) * cells.Sum(cell => cell.VarianceB));

    private record struct Correlation
    {
        private double _a;
        private double _b;
        private double _aa;
        private double _bb;
        private double _ab;

        public int Count { get; private set; }

        public readonly double VarianceA => (_aa / Count) - (_a / Count * (_a / Count));

        public readonly double VarianceB => (_bb / Count) - (_b / Count * (_b / Count));

        public readonly double Covariance => (_ab / Count) - (_a / Count * (_b / Count));

        public readonly double Value => Covariance / Math.Sqrt(Math.Max(1e-9, VarianceA * VarianceB));

        public void Add(double a, double b)
        {
            Count++;
            _a += a;
            _b += b;
            _aa += a * a;
            _bb += b * b;
            _ab += a * b;
        }
    }
}
