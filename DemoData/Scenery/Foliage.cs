using System.Numerics;
using MLClassify.DemoData.Flowers;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Scenery;

/// <summary>Leaves, grass and stalks, alone and by the dozen.</summary>
internal static class Foliage
{
    /// <summary>One leaf.</summary>
    /// <param name="kind">Its shape.</param>
    /// <param name="root">Where it grows from.</param>
    /// <param name="direction">Where it grows to, unit length.</param>
    /// <param name="size">Length of a small leaf; the kind scales it.</param>
    /// <param name="color">Its green, as linear reflectance.</param>
    /// <param name="random">The draws.</param>
    public static Patch Leaf(LeafKind kind, Vector3 root, Vector3 direction, float size, Vector3 color, PaintRandom random)
    {
        (float length, float width, float droop, Func<float, float> profile) = kind switch
        {
            LeafKind.Blade => (2.2f, 0.11f, random.Between(0, 1.1f), (Func<float, float>)Profiles.Blade),
            LeafKind.Strap => (2f, random.Between(0.3f, 0.5f), random.Between(0, 0.9f), Profiles.Egg),
            LeafKind.SmallHeart => (0.85f, random.Between(0.7f, 0.9f), random.Between(0.1f, 0.9f), Profiles.Heart),
            LeafKind.LargeHeart => (1.5f, random.Between(1, 1.3f), random.Between(0.2f, 1), Profiles.Heart),
            _ => (1f, random.Between(0.3f, 0.5f), random.Between(0, 0.9f), Profiles.Egg),
        };
        var material = new LeafMaterial(random.Jitter(color, 0.15f), new Noise(random.Seed()), kind == LeafKind.Blade ? 0.1f : random.Between(0.15f, 0.5f))
        {
            Translucency = 0.3f,
            Gloss = random.Between(0.02f, 0.15f),
        };
        var facing = Vector3.Normalize(new Vector3(random.Between(-0.6f, 0.6f), random.Between(0, 0.8f), 1));
        return PlantShapes.Leaf(root, direction, facing, size * length, size * width, droop, random.Between(0.1f, 0.5f), profile, material);
    }

    /// <summary>Grass that stands up from below the image's edge.</summary>
    public static List<Patch> Meadow(int width, int height, int blades, float size, Vector3 color, PaintRandom random)
    {
        var patches = new List<Patch>(blades);
        for (int i = 0; i < blades; i++)
        {
            var root = new Vector3(
                random.Between(-0.6f, 0.6f) * width,
                (-0.5f * height) + random.Between(-0.3f, 0.45f) * height,
                random.Between(-1, 0) * height);
            var direction = Vector3.Normalize(new Vector3(0.35f * random.Normal(), 1, 0.3f * random.Normal()));
            patches.Add(Leaf(LeafKind.Blade, root, direction, size * random.Between(0.5f, 1.2f), color * random.Between(0.5f, 1.3f), random));
        }

        return patches;
    }

    /// <summary>Leaves in all directions over the whole image.</summary>
    public static List<Patch> Thicket(int width, int height, int leaves, LeafKind kind, float size, Vector3 color, PaintRandom random)
    {
        var patches = new List<Patch>(leaves);
        for (int i = 0; i < leaves; i++)
        {
            float z = -height * i / leaves;
            var root = new Vector3(random.Between(-0.6f, 0.6f) * width, random.Between(-0.6f, 0.6f) * height, -height - z);
            float angle = random.Between(0, 2 * MathF.PI);
            var direction = Vector3.Normalize(new Vector3(MathF.Cos(angle), MathF.Sin(angle), random.Between(-0.3f, 0.6f)));
            float depth = 0.35f + (0.65f * i / leaves);
            patches.Add(Leaf(kind, root, direction, size * random.Between(0.6f, 1.3f), color * (depth * random.Between(0.7f, 1.3f)), random));
        }

        return patches;
    }

    /// <summary>Stalks that cross the image, some with a bud or a seed head.</summary>
    public static List<Patch> Stalks(int width, int height, int stalks, Vector3 color, PaintRandom random)
    {
        var patches = new List<Patch>();
        for (int i = 0; i < stalks; i++)
        {
            float x = random.Between(-0.5f, 0.5f) * width;
            float z = random.Between(-0.8f, -0.2f) * height;
            var from = new Vector3(x, -0.6f * height, z);
            var to = new Vector3(x + (random.Normal() * 0.15f * width), random.Between(-0.2f, 0.55f) * height, z);
            var bend = new Vector3(x + (random.Normal() * 0.05f * width), 0, z);
            var material = new PlainMaterial(random.Jitter(color, 0.2f), new Noise(random.Seed()));
            float radius = random.Between(0.005f, 0.014f) * height;
            patches.Add(PlantShapes.Stem(from, bend, to, radius, material));
            if (random.Chance(0.5f))
            {
                var bud = new PlainMaterial(random.Chance(0.6f) ? color : Tints.Draw((Tint)random.Count(0, 6), random), new Noise(random.Seed()), 0.3f);
                patches.Add(PlantShapes.Ball(to, Vector3.Normalize(to - bend), radius * random.Between(2, 4), random.Between(1, 1.8f), bud));
            }
        }

        return patches;
    }
}
