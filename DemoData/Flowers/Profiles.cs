namespace MLClassify.DemoData.Flowers;

/// <summary>Half widths of petals and leaves along their length, 0 to 1 each.</summary>
internal static class Profiles
{
    /// <summary>A strap with a round tip.</summary>
    public static float Strap(float u) => Rise(u, 0.45f, 0.5f) * Tip(u, 0.75f);

    /// <summary>A spear point.</summary>
    public static float Spear(float u) => Rise(u, 0.5f, 0.4f) * (u < 0.4f ? 1 : MathF.Pow((1 - u) / 0.6f, 0.75f));

    /// <summary>Narrow below, wide and round above.</summary>
    public static float Fan(float u) => (0.25f + (0.75f * MathF.Pow(MathF.Min(1, u / 0.65f), 0.9f))) * Tip(u, 0.6f);

    /// <summary>An egg with a point.</summary>
    public static float Egg(float u) => Rise(u, 0.4f, 0.42f) * (u < 0.42f ? 1 : MathF.Pow(MathF.Max(0, 1 - MathF.Pow((u - 0.42f) / 0.58f, 2)), 0.7f));

    /// <summary>A grass blade: widest near the ground.</summary>
    public static float Blade(float u) => (0.75f + (0.25f * MathF.Min(1, u / 0.25f))) * MathF.Sqrt(MathF.Max(0, 1 - u));

    /// <summary>A heart-shaped leaf, its lobes at the stalk.</summary>
    public static float Heart(float u) => MathF.Sqrt(MathF.Min(1, u / 0.18f)) * MathF.Pow(MathF.Max(0, 1 - u), 0.62f) * 1.12f;

    private static float Rise(float u, float start, float full)
    {
        float t = MathF.Min(1, u / full);
        return start + ((1 - start) * t * (2 - t));
    }

    private static float Tip(float u, float from)
    {
        float t = MathF.Max(0, (u - from) / (1 - from));
        return MathF.Sqrt(MathF.Max(0, 1 - (t * t)));
    }
}
