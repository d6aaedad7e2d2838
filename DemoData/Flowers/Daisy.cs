using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

internal sealed class Daisy : FlowerVariety
{
    private static readonly Tint[] Choices = [Tint.White, Tint.Yellow, Tint.Pink, Tint.Purple, Tint.Orange, Tint.Red];
    private readonly Vector3 _base;
    private readonly Vector3 _tip;
    private readonly Vector3 _discCenter;
    private readonly Vector3 _discRim;
    private readonly int _petals;
    private readonly float _disc;
    private readonly float _width;
    private readonly float _elevation;
    private readonly float _curl;

    public Daisy(PaintRandom random)
    {
        Tint tint = Choices[random.Weighted([5, 2, 2, 1.5f, 1.5f, 0.8f])];
        _tip = Tints.Draw(tint, random);
        _base = random.Chance(0.3f) ? Tints.Draw(random.Pick(Choices), random) : _tip * random.Between(0.85f, 1.05f);
        _discRim = Tints.FromHsv(random.Between(38, 56), random.Between(0.8f, 0.98f), random.Between(0.7f, 0.95f));
        _discCenter = random.Chance(0.25f)
            ? Tints.FromHsv(random.Between(15, 40), 0.7f, random.Between(0.15f, 0.4f))
            : _discRim * random.Between(0.6f, 1f);
        _petals = random.Count(13, 32);
        _disc = random.Between(0.17f, 0.31f);
        _width = random.Between(0.95f, 1.5f);
        _elevation = random.Between(-0.15f, 0.45f);
        _curl = random.Between(-0.1f, 0.7f);
    }

    public override float MostTilt => 0.95f;

    public override float Size => 0.95f;

    public override LeafKind Leaf => LeafKind.Small;

    public override List<Patch> Grow(PaintRandom random)
    {
        var patches = new List<Patch>();
        int rows = _petals > 20 ? 2 : 1;
        float spacing = 2 * MathF.PI / _petals;
        float first = random.Between(0, 7);
        for (int i = 0; i < _petals; i++)
        {
            if (random.Chance(0.03f))
            {
                continue;
            }

            PetalMaterial material = Shade(random, _base, _tip, 0.1f);
            patches.Add(new Petal
            {
                Start = _disc * 0.7f,
                Lift = 0.012f * (i % rows) + random.Between(0, 0.02f),
                Length = (1 - (_disc * 0.7f)) * random.Between(0.88f, 1.06f),
                Width = _width * spacing * random.Between(0.6f, 0.8f) * (rows == 2 ? 1.25f : 1),
                Azimuth = first + ((i + random.Between(-0.22f, 0.22f)) * spacing),
                Elevation = _elevation + random.Between(-0.12f, 0.12f) + (0.15f * (i % rows)),
                Curl = _curl + random.Between(-0.2f, 0.2f),
                Cup = random.Between(0.2f, 0.6f),
                Notch = random.Between(-0.03f, 0.08f),
                Sway = random.Between(-0.06f, 0.06f),
                Ripple = 0.1f,
                Profile = Profiles.Strap,
                Noise = new Noise(random.Seed()),
            }.Build(material));
        }

        var florets = new FloretMaterial(_discCenter, _discRim, new Noise(random.Seed()), 13, 0.3f) { Boundary = random.Between(0.3f, 0.6f) };
        patches.Add(PlantShapes.Dome(_disc, _disc * random.Between(0.3f, 0.6f), 0.02f, random.Between(0, 0.3f), florets));
        return patches;
    }
}
