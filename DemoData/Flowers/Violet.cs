using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

/// <summary>Violets and pansies: y is up in the flower's own plane, so that the face stands upright.</summary>
internal sealed class Violet : FlowerVariety
{
    private static readonly Tint[] Choices = [Tint.Purple, Tint.Blue, Tint.Yellow, Tint.White, Tint.Red, Tint.Orange, Tint.Pink];
    private static readonly float[] Azimuths = [1.15f, 1.99f, 0.1f, 3.04f, 4.712f];
    private readonly Vector3 _upper;
    private readonly Vector3 _lower;
    private readonly Vector3 _faceColor;
    private readonly float _face;
    private readonly float _breadth;
    private readonly float _curl;

    public Violet(PaintRandom random)
    {
        _upper = Tints.Draw(Choices[random.Weighted([2.6f, 1.8f, 1.6f, 1.4f, 1.1f, 1.1f, 1])], random);
        _lower = random.Chance(0.35f) ? Tints.Draw(random.Pick(Choices), random) : random.Jitter(_upper, 0.1f);
        _faceColor = random.Chance(0.65f) ? Tints.FromHsv(random.Between(265, 330), 0.8f, random.Between(0.08f, 0.3f)) : Tints.Draw(Tint.White, random);
        _face = random.Between(0.3f, 0.62f);
        _breadth = random.Between(0.75f, 1.1f);
        _curl = random.Between(-0.1f, 0.6f);
    }

    public override float MostTilt => 0.7f;

    public override float Size => 0.9f;

    public override bool Upright => true;

    public override LeafKind Leaf => LeafKind.SmallHeart;

    public override int MostHeads => 5;

    public override float Stalk => 0.035f;

    public override List<Patch> Grow(PaintRandom random)
    {
        var patches = new List<Patch>();
        for (int i = 0; i < 5; i++)
        {
            bool isUpper = i < 2, isLowest = i == 4;
            Vector3 color = isUpper ? _upper : _lower;
            var material = new PetalMaterial(random.Jitter(color, 0.05f) * 0.9f, random.Jitter(color, 0.05f), new Noise(random.Seed()))
            {
                Lines = 0.1f,
                Translucency = 0.25f,
                Rays = true,
                Blotch = isUpper ? 0 : _face * random.Between(0.9f, 1.1f),
                BlotchColor = _faceColor,
            };
            patches.Add(new Petal
            {
                Start = 0.03f,
                Lift = isUpper ? 0 : isLowest ? 0.06f : 0.1f,
                Length = random.Between(0.92f, 1.05f) * (isLowest ? 0.95f : 1),
                Width = _breadth * (isLowest ? 1.15f : isUpper ? 0.95f : 0.85f) * random.Between(0.95f, 1.05f),
                Azimuth = Azimuths[i] + random.Between(-0.08f, 0.08f),
                Elevation = random.Between(0.05f, 0.3f),
                Curl = _curl + random.Between(-0.15f, 0.25f),
                Cup = random.Between(-0.3f, 0.1f),
                Notch = isLowest ? 0.14f : random.Between(-0.03f, 0.05f),
                Ripple = 0.1f,
                Profile = Profiles.Fan,
                Noise = new Noise(random.Seed()),
                Rows = 12,
                Columns = 9,
            }.Build(material));
        }

        var throat = new PlainMaterial(Tints.FromHsv(random.Between(42, 56), 0.9f, 0.92f), new Noise(4));
        patches.Add(PlantShapes.Ball(new Vector3(0, -0.05f, 0.12f), Vector3.UnitZ, random.Between(0.07f, 0.12f), 0.8f, throat, 6));
        return patches;
    }
}
