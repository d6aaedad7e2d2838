namespace MLClassify.DemoData.Flowers;

/// <summary>The classes of the demo.</summary>
internal enum FlowerKind
{
    /// <summary>Many narrow petals around a small yellow cushion.</summary>
    Daisy,

    /// <summary>Four to six wide, crumpled petals around a pod with stamens.</summary>
    Poppy,

    /// <summary>Pointed petals in rows around a wide dark disc.</summary>
    Sunflower,

    /// <summary>Six petals that stand as a cup.</summary>
    Tulip,

    /// <summary>Five flat petals, two up and three down, with a marked face.</summary>
    Violet,
}
