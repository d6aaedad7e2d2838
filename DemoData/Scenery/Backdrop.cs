using System.Numerics;
using MLClassify.DemoData.Flowers;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Scenery;

/// <summary>What lies behind the flowers, out of focus.</summary>
internal static class Backdrop
{
    private enum Scene
    {
        Bokeh,
        Meadow,
        Thicket,
        Soil,
        Sky,
        Plain,
    }

    /// <summary>Paints an opaque background.</summary>
    public static Layer Paint(int width, int height, Lighting lighting, PaintRandom random)
    {
        var scene = (Scene)random.Weighted([3, 3, 3, 1.5f, 1.5f, 0.8f]);
        var layer = new Layer(width, height);
        Vector3 green = Tints.Leaf(random);
        switch (scene)
        {
            case Scene.Bokeh:
                Gradient(layer, Tints.Leaf(random) * random.Between(0.2f, 1), Tints.Leaf(random) * random.Between(0.2f, 1.2f), random);
                Blotches(layer, random.Count(8, 25), random);
                layer.Blur(random.Between(5, 12));
                Discs(layer, random.Count(0, 16), random);
                layer.Blur(random.Between(0.6f, 1.5f));
                break;
            case Scene.Meadow:
                Gradient(layer, green * random.Between(0.3f, 1.3f), green * random.Between(0.1f, 0.5f), random);
                Grow(layer, lighting, Foliage.Meadow(width, height, random.Count(50, 110), height * random.Between(0.2f, 0.5f), green, random));
                layer.Blur(random.Skewed(0.6f, 7));
                break;
            case Scene.Thicket:
                Gradient(layer, green * 0.15f, green * 0.08f, random);
                float size = height * random.Between(0.15f, 0.4f);
                Grow(layer, lighting, Foliage.Thicket(width, height, random.Count(35, 80), (LeafKind)random.Count(0, 4), size, green, random));
                layer.Blur(random.Skewed(0.5f, 6));
                break;
            case Scene.Soil:
                Ground(layer, lighting, random);
                layer.Blur(random.Skewed(0.3f, 3));
                break;
            case Scene.Sky:
                Sky(layer, random);
                Grow(layer, lighting, Foliage.Meadow(width, height / 2, random.Count(0, 30), height * 0.2f, green, random));
                layer.Blur(random.Between(1, 5));
                break;
            default:
                Vector3 wall = Tints.FromHsv(random.Between(0, 360), random.Between(0, 0.35f), random.Between(0.05f, 0.85f));
                Gradient(layer, wall, wall * random.Between(0.4f, 1), random);
                break;
        }

        return layer;
    }

    private static void Gradient(Layer layer, Vector3 upper, Vector3 lower, PaintRandom random)
    {
        var noise = new Noise(random.Seed());
        float tilt = random.Between(-0.6f, 0.6f);
        float patches = random.Between(0, 0.5f);
        Fill(layer, (x, y) =>
        {
            float t = Math.Clamp(y + (tilt * (x - 0.5f)), 0, 1);
            return Vector3.Lerp(upper, lower, t) * (1 + (patches * noise.Fractal(x * 3, y * 3, 2)));
        });
    }

    private static void Sky(Layer layer, PaintRandom random)
    {
        var noise = new Noise(random.Seed());
        Vector3 blue = Tints.FromHsv(random.Between(198, 222), random.Between(0.1f, 0.75f), random.Between(0.65f, 0.95f));
        var cloud = new Vector3(random.Between(0.6f, 0.95f));
        float cover = random.Between(-0.5f, 0.4f);
        Vector3 horizon = random.Chance(0.5f) ? Vector3.Lerp(blue, cloud, 0.6f) : Tints.Leaf(random);
        float horizonAt = random.Between(0.55f, 1.3f);
        Fill(layer, (x, y) =>
        {
            float share = Math.Clamp((noise.Fractal(x * 3, y * 5, 4) + cover) * 2.5f, 0, 1);
            return Vector3.Lerp(Vector3.Lerp(blue, cloud, share), horizon, Math.Clamp((y - horizonAt) * 8, 0, 1));
        });
    }

    private static void Ground(Layer layer, Lighting lighting, PaintRandom random)
    {
        var noise = new Noise(random.Seed());
        Vector3 earth = Tints.FromHsv(random.Between(14, 42), random.Between(0.15f, 0.55f), random.Between(0.25f, 0.65f));
        float aspect = (float)layer.Width / layer.Height;
        Fill(layer, (x, y) =>
        {
            float rough = noise.Fractal(x * 14 * aspect, y * 14, 4);
            return earth * (0.75f + (0.9f * rough));
        });
        var pebbles = new List<Patch>();
        int count = random.Count(0, 40);
        for (int i = 0; i < count; i++)
        {
            var center = new Vector3(random.Between(-0.5f, 0.5f) * layer.Width, random.Between(-0.5f, 0.5f) * layer.Height, 0);
            Vector3 stone = Tints.FromHsv(random.Between(15, 60), random.Between(0, 0.4f), random.Between(0.25f, 0.75f));
            var axis = Vector3.Normalize(new Vector3(random.Normal(), random.Normal(), random.Normal()));
            pebbles.Add(PlantShapes.Ball(center, axis, layer.Height * random.Skewed(0.01f, 0.05f), random.Between(0.6f, 1.3f), new PlainMaterial(stone, noise, 0.3f)));
        }

        Grow(layer, lighting, pebbles);
        Grow(layer, lighting, Foliage.Thicket(layer.Width, layer.Height, random.Count(0, 14), (LeafKind)random.Count(0, 3), layer.Height * 0.2f, Tints.Leaf(random), random));
    }

    private static void Blotches(Layer layer, int count, PaintRandom random)
    {
        for (int i = 0; i < count; i++)
        {
            Vector3 color = random.Chance(0.65f) ? Tints.Leaf(random) * random.Between(0.2f, 1.6f)
                : random.Chance(0.5f) ? Tints.Draw((Tint)random.Count(0, 6), random) * random.Between(0.3f, 1)
                : new Vector3(random.Between(0.02f, 0.9f));
            Disc(layer, random, layer.Height * random.Between(0.06f, 0.3f), color, random.Between(0.4f, 1));
        }
    }

    private static void Discs(Layer layer, int count, PaintRandom random)
    {
        float radius = layer.Height * random.Between(0.03f, 0.1f);
        Vector3 tone = Tints.FromHsv(random.Between(40, 130), random.Between(0.05f, 0.5f), 1);
        for (int i = 0; i < count; i++)
        {
            Disc(layer, random, radius * random.Between(0.7f, 1.2f), random.Jitter(tone, 0.2f), random.Between(0.06f, 0.4f));
        }
    }

    private static void Disc(Layer layer, PaintRandom random, float radius, Vector3 color, float opacity)
    {
        float centerX = random.Between(0, layer.Width), centerY = random.Between(0, layer.Height);
        int top = Math.Max(0, (int)(centerY - radius - 1)), bottom = Math.Min(layer.Height - 1, (int)(centerY + radius + 1));
        int left = Math.Max(0, (int)(centerX - radius - 1)), right = Math.Min(layer.Width - 1, (int)(centerX + radius + 1));
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                // The signed distance to the outline, in pixels, is the anti-aliased coverage.
                float distance = MathF.Sqrt(((x - centerX) * (x - centerX)) + ((y - centerY) * (y - centerY))) - radius;
                float alpha = opacity * Math.Clamp(0.5f - distance, 0, 1);
                ref Vector4 pixel = ref layer.Pixels[(y * layer.Width) + x];
                pixel = (new Vector4(color, 1) * alpha) + (pixel * (1 - alpha));
            }
        }
    }

    private static void Grow(Layer layer, Lighting lighting, List<Patch> patches)
    {
        var renderer = new Renderer(layer.Width, layer.Height, 1, lighting);
        renderer.Draw(patches, castShadows: false);
        layer.Cover(renderer.Finish());
    }

    private static void Fill(Layer layer, Func<float, float, Vector3> color)
    {
        for (int y = 0; y < layer.Height; y++)
        {
            for (int x = 0; x < layer.Width; x++)
            {
                layer.Pixels[(y * layer.Width) + x] = new Vector4(color((float)x / layer.Width, (float)y / layer.Height), 1);
            }
        }
    }
}
