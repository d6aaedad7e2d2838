namespace MLClassify.DemoData.Flowers;

/// <summary>Kinds of foliage.</summary>
internal enum LeafKind
{
    /// <summary>A grass blade.</summary>
    Blade,

    /// <summary>A small egg-shaped leaf.</summary>
    Small,

    /// <summary>A long, broad strap.</summary>
    Strap,

    /// <summary>A small heart.</summary>
    SmallHeart,

    /// <summary>A large heart.</summary>
    LargeHeart,
}
