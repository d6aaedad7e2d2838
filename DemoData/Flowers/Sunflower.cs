using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

internal sealed class Sunflower : FlowerVariety
{
    private static readonly Tint[] Choices = [Tint.Yellow, Tint.Orange, Tint.Red, Tint.White, Tint.Pink];
    private readonly Vector3 _base;
    private readonly Vector3 _tip;
    private readonly Vector3 _discCenter;
    private readonly Vector3 _discRim;
    private readonly int _petals;
    private readonly float _disc;
    private readonly float _elevation;
    private readonly float _boundary;

    public Sunflower(PaintRandom random)
    {
        Tint tint = Choices[random.Weighted([4.5f, 2, 1.6f, 1.3f, 0.5f])];
        _tip = Tints.Draw(tint, random);
        _base = random.Chance(0.35f) ? Tints.Draw(random.Chance(0.5f) ? Tint.Orange : Tint.Red, random) : _tip * random.Between(0.75f, 1);
        _discRim = Tints.FromHsv(random.Between(20, 45), random.Between(0.5f, 0.9f), random.Between(0.22f, 0.6f));
        _discCenter = random.Chance(0.4f)
            ? Tints.FromHsv(random.Between(45, 80), random.Between(0.4f, 0.7f), random.Between(0.3f, 0.55f))
            : Tints.FromHsv(random.Between(15, 35), random.Between(0.4f, 0.8f), random.Between(0.1f, 0.3f));
        _petals = random.Count(15, 24);
        _disc = random.Between(0.36f, 0.52f);
        _elevation = random.Between(-0.1f, 0.5f);
        _boundary = random.Between(0.35f, 0.7f);
    }

    public override float MostTilt => 0.85f;

    public override float Size => 1.1f;

    public override LeafKind Leaf => LeafKind.LargeHeart;

    public override int MostHeads => 2;

    public override float Stalk => 0.07f;

    public override List<Patch> Grow(PaintRandom random)
    {
        var patches = new List<Patch>();
        float spacing = 2 * MathF.PI / _petals;
        for (int row = 0; row < 2; row++)
        {
            for (int i = 0; i < _petals; i++)
            {
                PetalMaterial material = Shade(random, _base, _tip, 0.16f);
                patches.Add(new Petal
                {
                    Start = _disc * 0.9f,
                    Lift = -0.02f + (0.03f * row),
                    Length = (1 - (_disc * 0.9f)) * random.Between(0.85f, 1.12f) * (row == 0 ? 1.08f : 0.95f),
                    Width = random.Between(0.17f, 0.24f) * 17f / _petals,
                    Azimuth = (i + (0.5f * row) + random.Between(-0.25f, 0.25f)) * spacing,
                    Elevation = _elevation + (0.22f * row) + random.Between(-0.2f, 0.2f),
                    Curl = random.Between(-0.5f, 0.6f),
                    Cup = random.Between(0.2f, 0.7f),
                    Notch = -0.06f,
                    Sway = random.Between(-0.12f, 0.12f),
                    Ripple = 0.15f,
                    Profile = Profiles.Spear,
                    Noise = new Noise(random.Seed()),
                }.Build(material));
            }
        }

        var florets = new FloretMaterial(_discCenter, _discRim, new Noise(random.Seed()), 21, 0.38f) { Boundary = _boundary };
        patches.Add(PlantShapes.Dome(_disc, _disc * random.Between(0.12f, 0.35f), 0.03f, random.Between(0, 0.5f), florets));
        return patches;
    }
}
