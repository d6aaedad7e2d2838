namespace MLClassify.Datasets;

/// <summary>Where an image lies in another one: each axis scaled and moved.</summary>
internal readonly record struct Placement(float ScaleX, float MoveX, float ScaleY, float MoveY)
{
    private const float MostScale = 2.5f;
    private const float MostSquash = 1.4f;

    /// <summary>Whether one could be a crop or a copy of the other.</summary>
    public bool IsPlausible => IsScale(ScaleX) && IsScale(ScaleY) && Math.Max(ScaleX, ScaleY) <= MostSquash * Math.Min(ScaleX, ScaleY);

    /// <summary>The placement that suits pairs of places best, by least squares.</summary>
    public static Placement Of((Keypoint A, Keypoint B)[] pairs)
    {
        (float scaleX, float moveX) = Line([.. pairs.Select(pair => (pair.A.X, pair.B.X))]);
        (float scaleY, float moveY) = Line([.. pairs.Select(pair => (pair.A.Y, pair.B.Y))]);
        return new Placement(scaleX, moveX, scaleY, moveY);
    }

    public float X(float x) => (ScaleX * x) + MoveX;

    public float Y(float y) => (ScaleY * y) + MoveY;

    public bool Fits((Keypoint A, Keypoint B) pair, float tolerance) =>
        Math.Abs(X(pair.A.X) - pair.B.X) <= tolerance && Math.Abs(Y(pair.A.Y) - pair.B.Y) <= tolerance;

    /// <summary>The columns of the first image that lie in the second one.</summary>
    public (float From, float To) Columns(int first, int second) => Range(ScaleX, MoveX, first, second);

    /// <summary>The rows of the first image that lie in the second one.</summary>
    public (float From, float To) Rows(int first, int second) => Range(ScaleY, MoveY, first, second);

    private static bool IsScale(float scale) => scale is > 1 / MostScale and < MostScale;

    private static (float From, float To) Range(float scale, float move, int first, int second) =>
        (Math.Max(0, -move / scale), Math.Min(first - 1, (second - 1 - move) / scale));

    private static (float Scale, float Move) Line((float From, float To)[] points)
    {
        float from = points.Average(point => point.From);
        float to = points.Average(point => point.To);
        float spread = points.Sum(point => (point.From - from) * (point.From - from));
        float scale = spread > 0 ? points.Sum(point => (point.From - from) * (point.To - to)) / spread : 0;
        return (scale, to - (scale * from));
    }
}
