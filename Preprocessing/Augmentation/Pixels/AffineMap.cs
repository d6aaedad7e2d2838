namespace MLClassify.Preprocessing.Augmentation.Pixels;

/// <summary>
/// Where a pixel of the result comes from: <c>x' = XX x + XY y + X0</c> and <c>y' = YX x + YY y + Y0</c>, in coordinates in which a pixel's
/// center lies at one half and the upper left corner at 0, so that nothing moves by half a pixel.
/// </summary>
internal readonly record struct AffineMap(double XX, double XY, double X0, double YX, double YY, double Y0)
{
    /// <summary>The image is turned about its center, counter-clockwise where the angle is positive.</summary>
    public static AffineMap Rotation(double degrees, int width, int height)
    {
        (double sin, double cos) = Math.SinCos(degrees * (Math.PI / 180));
        double x = width / 2.0;
        double y = height / 2.0;
        return new AffineMap(cos, -sin, x - (cos * x) + (sin * y), sin, cos, y - (sin * x) - (cos * y));
    }

    /// <summary>The image is moved to the right and down.</summary>
    public static AffineMap Translation(double right, double down) => new(1, 0, -right, 0, 1, -down);

    /// <summary>Rows are moved to the left by a multiple of their distance from the upper edge.</summary>
    public static AffineMap ShearX(double amount) => new(1, amount, 0, 0, 1, 0);

    /// <summary>Columns are moved up by a multiple of their distance from the left edge.</summary>
    public static AffineMap ShearY(double amount) => new(1, 0, 0, amount, 1, 0);
}
