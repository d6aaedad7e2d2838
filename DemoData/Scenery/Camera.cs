using System.Numerics;
using MLClassify.DemoData.Painting;
using MLClassify.Imaging;

namespace MLClassify.DemoData.Scenery;

/// <summary>From light to an 8-bit image, with what cameras add: exposure, white balance, vignette, blur, noise, tone curve.</summary>
internal static class Camera
{
    private const int CurveSteps = 2048;

    public static Image Expose(Layer scene, PaintRandom random)
    {
        scene.Blur(random.Chance(0.08f) ? random.Between(0.8f, 1.4f) : random.Between(0, 0.55f));
        Vector3 gain = Exposure(scene) * MathF.Exp(0.22f * random.Normal()) * WhiteBalance(random);
        float vignette = random.Skewed(0, 0.5f);
        float grain = random.Skewed(0.002f, 0.035f);
        float saturation = random.Between(0.68f, 0.98f);
        byte[] curve = ToneCurve(random.Between(0.85f, 1.25f), random.Skewed(0, 0.06f));
        var noise = new PaintRandom(random.Seed());
        var image = new Image(scene.Width, scene.Height);
        for (int y = 0; y < scene.Height; y++)
        {
            Span<byte> row = image.Row(y);
            float dy = ((float)y / scene.Height) - 0.5f;
            for (int x = 0; x < scene.Width; x++)
            {
                float dx = ((float)x / scene.Width) - 0.5f;
                Vector3 light = scene.Pixels[(y * scene.Width) + x].AsVector3() * gain * (1 - (vignette * 2 * ((dx * dx) + (dy * dy))));

                light = Vector3.Lerp(new Vector3(Vector3.Dot(light, new Vector3(0.21f, 0.72f, 0.07f))), light, saturation);

                // Shot noise grows with the root of the light; the sum of two uniform draws is normal enough and cheap.
                Vector3 amount = Vector3.SquareRoot(Vector3.Max(light, Vector3.Zero) + new Vector3(0.01f)) * grain;
                light += amount * new Vector3(Grain(noise), Grain(noise), Grain(noise));
                row[3 * x] = Develop(curve, light.X);
                row[(3 * x) + 1] = Develop(curve, light.Y);
                row[(3 * x) + 2] = Develop(curve, light.Z);
            }
        }

        return image;
    }

    private static float Grain(PaintRandom noise) => (noise.Unit() + noise.Unit() - 1) * 2.4f;

    /// <summary>Half way between no correction and an image of middle brightness, as automatic exposure does it.</summary>
    private static float Exposure(Layer scene)
    {
        double sum = 0;
        foreach (Vector4 pixel in scene.Pixels)
        {
            sum += Math.Log(0.02 + (0.25 * pixel.X) + (0.65 * pixel.Y) + (0.1 * pixel.Z));
        }

        double mean = Math.Exp(sum / scene.Pixels.Length);
        return (float)Math.Clamp(Math.Pow(0.2 / mean, 0.6), 0.4, 2.5);
    }

    private static Vector3 WhiteBalance(PaintRandom random)
    {
        float warm = 0.09f * random.Normal();
        float tint = 0.03f * random.Normal();
        return new Vector3(MathF.Exp(warm), MathF.Exp(tint), MathF.Exp(-warm));
    }

    /// <summary>Display values for light from 0 to 2: a shoulder above 0.7, contrast, the sRGB curve (IEC 61966-2-1), lifted blacks.</summary>
    private static byte[] ToneCurve(float contrast, float haze)
    {
        var curve = new byte[CurveSteps];
        for (int i = 0; i < CurveSteps; i++)
        {
            float light = 2f * i / (CurveSteps - 1);
            light = light < 0.7f ? light : 0.7f + (0.3f * (1 - MathF.Exp(-(light - 0.7f) / 0.3f)));
            light = 0.2f * MathF.Pow(light / 0.2f, contrast);
            float display = light <= 0.0031308f ? 12.92f * light : (1.055f * MathF.Pow(MathF.Min(1, light), 1 / 2.4f)) - 0.055f;
            curve[i] = (byte)Math.Clamp((int)((255 * (haze + ((1 - haze) * display))) + 0.5f), 0, 255);
        }

        return curve;
    }

    private static byte Develop(byte[] curve, float light) => curve[(int)Math.Clamp(light * ((CurveSteps - 1) / 2f), 0, CurveSteps - 1)];
}
