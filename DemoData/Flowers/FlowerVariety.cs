using System.Numerics;
using MLClassify.DemoData.Painting;

namespace MLClassify.DemoData.Flowers;

/// <summary>A variety: what all heads of one image share, from which single heads are grown.</summary>
internal abstract class FlowerVariety
{
    /// <summary>Least angle between the flower's axis and the line of sight.</summary>
    public virtual float LeastTilt => 0;

    /// <summary>Largest such angle.</summary>
    public virtual float MostTilt => 1;

    /// <summary>Radius of a head compared with other kinds at the same distance.</summary>
    public virtual float Size => 1;

    /// <summary>Most heads in one image.</summary>
    public virtual int MostHeads => 3;

    /// <summary>Stalk radius in units of the head's radius.</summary>
    public virtual float Stalk => 0.045f;

    /// <summary>Height of the head's middle over its stalk, in units of its radius.</summary>
    public virtual float Middle => 0;

    /// <summary>Whether the head has a top and a bottom in its own plane.</summary>
    public virtual bool Upright => false;

    /// <summary>Leaf that goes with the kind.</summary>
    public abstract LeafKind Leaf { get; }

    /// <summary>Grows one head that looks up the z axis, its stalk beginning at the origin; radius about 1.</summary>
    public abstract List<Patch> Grow(PaintRandom random);

    public static FlowerVariety Create(FlowerKind kind, PaintRandom random) => kind switch
    {
        FlowerKind.Daisy => new Daisy(random),
        FlowerKind.Poppy => new Poppy(random),
        FlowerKind.Sunflower => new Sunflower(random),
        FlowerKind.Tulip => new Tulip(random),
        FlowerKind.Violet => new Violet(random),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown flower."),
    };

    /// <summary>A material with the variety's colors, different from petal to petal by a little.</summary>
    protected static PetalMaterial Shade(PaintRandom random, Vector3 baseColor, Vector3 tipColor, float lines) =>
        new(random.Jitter(baseColor, 0.05f), random.Jitter(tipColor, 0.05f), new Noise(random.Seed())) { Lines = lines, Translucency = 0.35f, Gloss = 0.03f };
}
