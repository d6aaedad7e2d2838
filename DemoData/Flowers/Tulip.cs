using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

internal sealed class Tulip : FlowerVariety
{
    private static readonly Tint[] Choices = [Tint.Red, Tint.Yellow, Tint.Pink, Tint.Purple, Tint.White, Tint.Orange];
    private readonly Vector3 _base;
    private readonly Vector3 _tip;
    private readonly Vector3 _edgeColor;
    private readonly float _edge;
    private readonly float _open;
    private readonly float _width;
    private readonly Vector3 _blotch;

    public Tulip(PaintRandom random)
    {
        Tint tint = Choices[random.Weighted([2, 2, 2, 1.6f, 1.3f, 1.6f])];
        _tip = Tints.Draw(tint, random);
        _base = random.Chance(0.3f) ? Tints.Draw(random.Chance(0.5f) ? Tint.Yellow : Tint.White, random) : _tip * random.Between(0.7f, 1);
        _edgeColor = Tints.Draw(random.Pick(Choices), random);
        _edge = random.Chance(0.25f) ? random.Between(0.5f, 1) : 0;
        _open = random.Skewed(-0.12f, 0.22f);
        _width = random.Between(0.7f, 0.98f);
        _blotch = random.Chance(0.5f) ? new Vector3(0.03f, 0.02f, 0.05f) : Tints.Draw(Tint.Yellow, random);
    }

    public override float LeastTilt => 1f;

    public override float MostTilt => 1.65f;

    public override float Size => 0.88f;

    public override float Middle => 0.62f;

    public override LeafKind Leaf => LeafKind.Strap;

    public override int MostHeads => 4;

    public override float Stalk => 0.075f;

    public override List<Patch> Grow(PaintRandom random)
    {
        var patches = new List<Patch>();
        float first = random.Between(0, 7);
        float open = _open + random.Between(-0.06f, 0.06f);
        for (int i = 0; i < 6; i++)
        {
            bool inner = i >= 3;
            var material = new PetalMaterial(random.Jitter(_base, 0.05f), random.Jitter(_tip, 0.05f), new Noise(random.Seed()))
            {
                Lines = 0.13f,
                Translucency = 0.3f,
                Gloss = 0.07f,
                Edge = _edge,
                EdgeColor = _edgeColor,
                Blotch = 0.12f,
                BlotchColor = _blotch,
            };
            patches.Add(new Petal
            {
                Start = 0.05f,
                Length = random.Between(1.42f, 1.62f),
                Width = _width * random.Between(0.95f, 1.08f),
                Azimuth = first + (i * 2 * MathF.PI / 3) + (inner ? MathF.PI / 3 : 0) + random.Between(-0.08f, 0.08f),

                // Out first, then up and in again: the bulge of the cup.
                Elevation = (inner ? 0.66f : 0.52f) - open,
                Curl = -1.25f + (1.2f * MathF.Max(0, open)) + random.Between(-0.12f, 0.12f),
                Cup = random.Between(0.75f, 1.05f),
                Ripple = 0.05f,
                Sway = random.Between(-0.03f, 0.03f),
                Profile = Profiles.Egg,
                Noise = new Noise(random.Seed()),
                Rows = 13,
                Columns = 9,
            }.Build(material));
        }

        AddCenter(patches, random);
        return patches;
    }

    private static void AddCenter(List<Patch> patches, PaintRandom random)
    {
        var green = new PlainMaterial(Tints.FromHsv(75, 0.4f, 0.75f), new Noise(2));
        var dark = new PlainMaterial(random.Chance(0.6f) ? new Vector3(0.03f, 0.02f, 0.03f) : Tints.FromHsv(48, 0.8f, 0.8f), new Noise(3));
        patches.Add(PlantShapes.Stem(Vector3.Zero, new Vector3(0, 0, 0.25f), new Vector3(0, 0, 0.5f), 0.08f, green));
        for (int i = 0; i < 6; i++)
        {
            (float sin, float cos) = MathF.SinCos(i * MathF.PI / 3);
            patches.Add(PlantShapes.Ball(new Vector3(0.2f * cos, 0.2f * sin, 0.4f), Vector3.UnitZ, 0.05f, 2.6f, dark, 5));
        }
    }
}
