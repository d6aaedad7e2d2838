using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

internal sealed class Poppy : FlowerVariety
{
    private static readonly Tint[] Choices = [Tint.Red, Tint.Orange, Tint.Yellow, Tint.White, Tint.Pink, Tint.Purple];
    private readonly Vector3 _base;
    private readonly Vector3 _tip;
    private readonly Vector3 _stamen;
    private readonly Vector3 _pod;
    private readonly Vector3 _blotchColor;
    private readonly float _blotch;
    private readonly int _petals;
    private readonly float _elevation;
    private readonly float _ripple;

    public Poppy(PaintRandom random)
    {
        Tint tint = Choices[random.Weighted([2.6f, 2, 1.8f, 1.5f, 2, 0.8f])];
        _tip = Tints.Draw(tint, random);
        _base = _tip * random.Between(0.7f, 1.05f);
        bool dark = random.Chance(0.5f);
        _stamen = dark ? new Vector3(0.03f, 0.02f, 0.04f) : Tints.FromHsv(random.Between(40, 58), 0.8f, 0.9f);
        _pod = Tints.FromHsv(random.Between(60, 110), random.Between(0.3f, 0.6f), random.Between(0.45f, 0.75f));
        _blotchColor = dark ? new Vector3(0.02f, 0.01f, 0.03f) : Tints.FromHsv(random.Between(45, 70), 0.6f, 0.85f);
        _blotch = random.Chance(0.65f) ? random.Between(0.22f, 0.42f) : 0;
        _petals = random.Count(4, 6);
        _elevation = random.Between(0.1f, 0.6f);
        _ripple = random.Between(0.1f, 0.24f);
    }

    public override float MostTilt => 0.9f;

    public override LeafKind Leaf => LeafKind.Small;

    public override float Stalk => 0.028f;

    public override List<Patch> Grow(PaintRandom random)
    {
        var patches = new List<Patch>();
        float first = random.Between(0, 7);
        float spacing = 2 * MathF.PI / _petals;
        for (int i = 0; i < _petals; i++)
        {
            var material = new PetalMaterial(random.Jitter(_base, 0.05f), random.Jitter(_tip, 0.05f), new Noise(random.Seed()))
            {
                Lines = 0.12f,
                Translucency = 0.55f,
                Gloss = 0.05f,
                Blotch = _blotch * random.Between(0.8f, 1.2f),
                BlotchColor = _blotchColor,
            };
            bool inner = i % 2 == 1;
            patches.Add(new Petal
            {
                Start = 0.04f,
                Lift = inner ? 0.04f : 0,
                Length = random.Between(0.92f, 1.08f) * (inner ? 0.95f : 1.05f),
                Width = random.Between(1.15f, 1.5f) * (_petals == 4 ? 1.1f : 0.92f),
                Azimuth = first + ((i + random.Between(-0.15f, 0.15f)) * spacing),
                Elevation = _elevation + (inner ? 0.12f : 0) + random.Between(-0.12f, 0.12f),
                Curl = random.Between(-0.1f, 0.35f) + (0.25f * _elevation),
                Cup = random.Between(0.25f, 0.55f),
                Notch = random.Between(-0.02f, 0.1f),
                Ripple = _ripple,
                Profile = Profiles.Fan,
                Noise = new Noise(random.Seed()),
                Rows = 14,
                Columns = 13,
            }.Build(material));
        }

        AddCenter(patches, random);
        return patches;
    }

    private void AddCenter(List<Patch> patches, PaintRandom random)
    {
        var pod = new FloretMaterial(_pod * 0.8f, _pod, new Noise(random.Seed()), 4, 0.3f);
        patches.Add(PlantShapes.Ball(new Vector3(0, 0, 0.16f), Vector3.UnitZ, random.Between(0.08f, 0.13f), 1.3f, pod));
        var material = new PlainMaterial(_stamen, new Noise(1));
        int stamens = random.Count(26, 44);
        for (int i = 0; i < stamens; i++)
        {
            float angle = random.Between(0, 2 * MathF.PI);
            float radius = random.Between(0.14f, 0.27f);
            var tip = new Vector3(radius * MathF.Cos(angle), radius * MathF.Sin(angle), random.Between(0.12f, 0.26f));
            patches.Add(PlantShapes.Ball(tip, Vector3.UnitZ, random.Between(0.018f, 0.03f), 1.2f, material, 4));
        }
    }
}
