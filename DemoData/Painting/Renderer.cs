using System.Numerics;

namespace MLClassify.DemoData.Painting;

/// <summary>Draws lit patches into a layer: depth buffer, light at the vertices, texture at the samples.</summary>
internal sealed class Renderer
{
    private readonly int _factor;
    private readonly int _width;
    private readonly int _height;
    private readonly Layer _samples;
    private readonly float[] _depth;
    private readonly Lighting _lighting;
    private readonly float _viewDistance;

    /// <summary>Prepares an empty sheet.</summary>
    /// <param name="width">Image width in pixels; world units are pixels, with the origin in the image's center and y up.</param>
    /// <param name="height">Image height in pixels.</param>
    /// <param name="factor">Samples a pixel and direction.</param>
    /// <param name="lighting">The light.</param>
    public Renderer(int width, int height, int factor, Lighting lighting)
    {
        _factor = factor;
        _width = width * factor;
        _height = height * factor;
        _samples = new Layer(_width, _height);
        _depth = new float[_width * _height];
        Array.Fill(_depth, float.MinValue);
        _lighting = lighting;
        _viewDistance = 4f * Math.Max(width, height);
    }

    /// <summary>Draws surfaces.</summary>
    /// <param name="patches">The surfaces, in any order.</param>
    /// <param name="castShadows">Whether they shade each other.</param>
    public void Draw(IReadOnlyList<Patch> patches, bool castShadows)
    {
        if (patches.Count == 0)
        {
            return;
        }

        ShadowMap? shadows = castShadows ? new ShadowMap(patches, _lighting.SunDirection) : null;
        foreach (Patch patch in patches)
        {
            Draw(patch, shadows);
        }
    }

    /// <summary>The finished sheet at image size.</summary>
    public Layer Finish() => _samples.Shrink(_factor);

    private void Draw(Patch patch, ShadowMap? shadows)
    {
        int count = patch.Positions.Length;
        var seen = new Vector3[count];
        var light = new Vector4[count];
        for (int i = 0; i < count; i++)
        {
            Vector3 position = patch.Positions[i];
            float scale = _factor * _viewDistance / MathF.Max(_viewDistance - position.Z, 0.1f * _viewDistance);
            seen[i] = new Vector3((_width / 2f) + (position.X * scale), (_height / 2f) - (position.Y * scale), position.Z);
            float visibility = shadows?.Visibility(position) ?? 1;
            light[i] = new Vector4(
                _lighting.Irradiance(patch.Normals[i], patch.Material, visibility),
                _lighting.Highlight(patch.Normals[i], patch.Material, visibility));
        }

        var target = new Target(_samples.Pixels, _depth, patch, light);
        foreach ((int a, int b, int c) in Rasterizer.Triangles(patch.Rows, patch.Columns))
        {
            target.Choose(a, b, c);
            Rasterizer.Fill(seen[a], seen[b], seen[c], _width, _height, ref target);
        }
    }

    private struct Target(Vector4[] pixels, float[] depths, Patch patch, Vector4[] light) : IFragmentTarget
    {
        private int _a;
        private int _b;
        private int _c;

        public void Choose(int a, int b, int c) => (_a, _b, _c) = (a, b, c);

        public readonly void Add(int index, float depth, float weightA, float weightB, float weightC)
        {
            if (depth < depths[index])
            {
                return;
            }

            depths[index] = depth;
            Vector2 texture = (patch.Texture[_a] * weightA) + (patch.Texture[_b] * weightB) + (patch.Texture[_c] * weightC);
            Vector4 incoming = (light[_a] * weightA) + (light[_b] * weightB) + (light[_c] * weightC);
            Vector3 color = (patch.Material.Albedo(texture.X, texture.Y) * incoming.AsVector3()) + new Vector3(incoming.W);
            pixels[index] = new Vector4(color, 1);
        }
    }
}
