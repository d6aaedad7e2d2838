using System.Numerics;
using MLClassify.DemoData.Flowers;
using MLClassify.DemoData.Painting;
using MLClassify.DemoData.Scenery;
using MLClassify.Imaging;

namespace MLClassify.DemoData;

/// <summary>Paints photo-like images of flowers: background, distant plants, the flowers in focus, something in front, a camera.</summary>
internal static class FlowerPainter
{
    private const int ShortestSide = 160;
    private const int LongestSide = 240;

    /// <summary>Paints one image.</summary>
    /// <param name="kind">The flower.</param>
    /// <param name="seed">Fixes everything else.</param>
    /// <returns>An image of 160 to 240 pixels a side, of either orientation.</returns>
    public static Image Paint(FlowerKind kind, int seed)
    {
        var random = new PaintRandom(seed);
        (int width, int height) = Size(random);
        Lighting lighting = Lighting.Random(random);
        FlowerVariety variety = FlowerVariety.Create(kind, random);
        Vector3 green = Tints.Leaf(random);
        List<Placement> heads = Arrange(variety, width, height, random);

        Layer image = Backdrop.Paint(width, height, lighting, random);
        image.Cover(Distance(variety, width, height, green, lighting, random));
        image.Cover(Subject(variety, heads, width, height, green, lighting, random));
        if (random.Chance(0.28f))
        {
            image.Cover(Foreground(width, height, green, lighting, random));
        }

        return Camera.Expose(image, random);
    }

    private static (int Width, int Height) Size(PaintRandom random)
    {
        int shorter = random.Count(ShortestSide, 190);
        int longer = random.Chance(0.2f) ? shorter : random.Count(shorter, LongestSide);
        return random.Chance(0.35f) ? (shorter, longer) : (longer, shorter);
    }

    /// <summary>Places the heads: the first is the subject, the others keep their distance from it.</summary>
    private static List<Placement> Arrange(FlowerVariety variety, int width, int height, PaintRandom random)
    {
        int shorter = Math.Min(width, height);
        float radius = shorter * random.Between(0.3f, 0.48f) * variety.Size;
        int wanted = random.Chance(0.6f) ? 1 : random.Count(2, variety.MostHeads);
        radius *= wanted > 2 ? 0.78f : 1;
        var heads = new List<Placement>
        {
            new(new Vector3(random.Normal() * 0.09f * width, (random.Normal() * 0.08f * height) + (0.03f * height), 0), radius),
        };
        for (int attempt = 0; attempt < 30 && heads.Count < wanted; attempt++)
        {
            float share = random.Between(0.55f, 1);
            var center = new Vector3(random.Between(-0.55f, 0.55f) * width, random.Between(-0.5f, 0.5f) * height, -radius * (2.2f - share));
            if (heads.TrueForAll(head => Vector2.Distance(head.Center.AsVector2(), center.AsVector2()) > 0.85f * (head.Radius + (share * radius))))
            {
                heads.Add(new Placement(center, share * radius));
            }
        }

        return heads;
    }

    private static Layer Subject(
        FlowerVariety variety, List<Placement> heads, int width, int height, Vector3 green, Lighting lighting, PaintRandom random)
    {
        var patches = new List<Patch>();
        float tilt = random.Between(variety.LeastTilt, variety.MostTilt);
        float towards = (MathF.PI / 2) + (0.45f * random.Normal());
        foreach (Placement head in heads)
        {
            AddPlant(patches, variety, head, tilt, towards, height, green, random);
        }

        var renderer = new Renderer(width, height, 2, lighting);
        renderer.Draw(patches, castShadows: true);
        return renderer.Finish();
    }

    private static void AddPlant(
        List<Patch> patches, FlowerVariety variety, Placement place, float tilt, float towards, int height, Vector3 green, PaintRandom random)
    {
        float angle = Math.Clamp(tilt + (0.15f * random.Normal()), variety.LeastTilt, variety.MostTilt);
        (float sin, float cos) = MathF.SinCos(towards + (0.3f * random.Normal()));
        var axis = new Vector3(MathF.Sin(angle) * cos, MathF.Sin(angle) * sin, MathF.Cos(angle));
        float spin = variety.Upright ? 0.25f * random.Normal() : random.Between(0, 2 * MathF.PI);
        Vector3 root = place.Center - (axis * (variety.Middle * place.Radius));
        Matrix4x4 transform = Matrix4x4.CreateRotationZ(spin)
            * Matrix4x4.CreateFromAxisAngle(Vector3.Normalize(new Vector3(-sin, cos, 0)), angle)
            * Matrix4x4.CreateScale(place.Radius)
            * Matrix4x4.CreateTranslation(root);
        patches.AddRange(variety.Grow(random).Select(patch => patch.Place(transform)));

        var material = new PlainMaterial(random.Jitter(green, 0.1f), new Noise(random.Seed()));
        Vector3 bend = root - (axis * (place.Radius * 1.3f));
        var ground = new Vector3(bend.X + (random.Normal() * 0.3f * place.Radius), (-0.5f * height) - (0.6f * place.Radius), bend.Z - (0.5f * place.Radius));
        patches.Add(PlantShapes.Stem(ground, bend, root - (axis * 0.02f), place.Radius * variety.Stalk * random.Between(0.8f, 1.2f), material));
        int leaves = random.Count(0, 4);
        for (int i = 0; i < leaves; i++)
        {
            LeafKind kind = random.Chance(0.65f) ? variety.Leaf : (LeafKind)random.Count(0, 4);
            var leafRoot = Vector3.Lerp(ground, bend, random.Between(0, 0.9f));
            var direction = Vector3.Normalize(new Vector3(random.Normal(), 0.6f + random.Unit(), random.Between(-0.3f, 0.5f)));
            patches.Add(Foliage.Leaf(kind, leafRoot, direction, place.Radius * random.Between(0.5f, 1), green * random.Between(0.8f, 1.2f), random));
        }
    }

    /// <summary>Plants behind the subject: foliage, stalks, sometimes more flowers of the same bed.</summary>
    private static Layer Distance(FlowerVariety variety, int width, int height, Vector3 green, Lighting lighting, PaintRandom random)
    {
        var patches = new List<Patch>();
        if (random.Chance(0.5f))
        {
            patches.AddRange(Foliage.Stalks(width, height, random.Count(1, 7), green, random));
        }

        if (random.Chance(0.5f))
        {
            float size = height * random.Between(0.2f, 0.45f);
            patches.AddRange(Foliage.Thicket(width, height, random.Count(2, 10), (LeafKind)random.Count(0, 4), size, green, random));
        }

        int heads = random.Chance(0.35f) ? random.Count(1, 5) : 0;
        for (int i = 0; i < heads; i++)
        {
            var place = new Placement(
                new Vector3(random.Between(-0.5f, 0.5f) * width, random.Between(-0.35f, 0.5f) * height, -height),
                Math.Min(width, height) * random.Between(0.1f, 0.22f) * variety.Size);
            AddPlant(patches, variety, place, random.Between(variety.LeastTilt, variety.MostTilt), MathF.PI / 2, height, green, random);
        }

        var renderer = new Renderer(width, height, 1, lighting);
        renderer.Draw(patches, castShadows: false);
        Layer layer = renderer.Finish();
        layer.Blur(random.Between(1.2f, 5));
        return layer;
    }

    /// <summary>A blade or a leaf close to the lens.</summary>
    private static Layer Foreground(int width, int height, Vector3 green, Lighting lighting, PaintRandom random)
    {
        var patches = new List<Patch>();
        int count = random.Count(1, 3);
        for (int i = 0; i < count; i++)
        {
            bool fromLeft = random.Chance(0.5f);
            bool fromBelow = random.Chance(0.6f);
            var root = fromBelow
                ? new Vector3(random.Between(-0.5f, 0.5f) * width, -0.55f * height, height * 0.2f)
                : new Vector3((fromLeft ? -0.55f : 0.55f) * width, random.Between(-0.5f, 0.4f) * height, height * 0.2f);
            var direction = fromBelow
                ? Vector3.Normalize(new Vector3(0.4f * random.Normal(), 1, 0))
                : Vector3.Normalize(new Vector3(fromLeft ? 1 : -1, 0.5f * random.Normal(), 0));
            LeafKind kind = random.Chance(0.6f) ? LeafKind.Blade : (LeafKind)random.Count(1, 3);
            patches.Add(Foliage.Leaf(kind, root, direction, height * random.Between(0.2f, 0.42f), green * random.Between(0.5f, 1.4f), random));
        }

        var renderer = new Renderer(width, height, 1, lighting);
        renderer.Draw(patches, castShadows: false);
        Layer layer = renderer.Finish();
        layer.Blur(random.Between(1, 6));
        return layer;
    }

    /// <summary>Where a head stands, in pixels from the image's center with y up, and how large it is.</summary>
    private readonly record struct Placement(Vector3 Center, float Radius);
}
