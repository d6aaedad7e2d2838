using MLClassify.Imaging.Resizing;

namespace MLClassify.Preprocessing;

/// <summary>The names that stand for enumerated values in files.</summary>
internal static class SpecNames
{
    private static readonly (string Name, ResizeRule Value)[] ResizeRules =
    [
        ("short_side", MLClassify.ResizeRule.ShortSide),
        ("stretch", MLClassify.ResizeRule.Stretch),
        ("none", MLClassify.ResizeRule.None),
        ("pad", MLClassify.ResizeRule.Pad),
    ];

    private static readonly (string Name, Interpolation Value)[] Interpolations =
    [
        ("nearest", Imaging.Resizing.Interpolation.Nearest),
        ("bilinear", Imaging.Resizing.Interpolation.Bilinear),
        ("bicubic", Imaging.Resizing.Interpolation.Bicubic),
    ];

    private static readonly (string Name, ChannelOrder Value)[] ChannelOrders =
        [("rgb", MLClassify.ChannelOrder.Rgb), ("bgr", MLClassify.ChannelOrder.Bgr)];

    public static string Of(ResizeRule value) => NameOf(ResizeRules, value);

    public static string Of(Interpolation value) => NameOf(Interpolations, value);

    public static string Of(ChannelOrder value) => NameOf(ChannelOrders, value);

    public static ResizeRule ResizeRule(string name) => ValueOf(ResizeRules, name, "resize");

    public static Interpolation Interpolation(string name) => ValueOf(Interpolations, name, "interpolation");

    public static ChannelOrder ChannelOrder(string name) => ValueOf(ChannelOrders, name, "channel_order");

    private static string NameOf<T>((string Name, T Value)[] table, T value)
        where T : struct, Enum => Array.Find(table, row => EqualityComparer<T>.Default.Equals(row.Value, value)).Name;

    private static T ValueOf<T>((string Name, T Value)[] table, string name, string member)
    {
        foreach ((string known, T value) in table)
        {
            if (known == name)
            {
                return value;
            }
        }

        string shown = name.Length > 40 ? $"{name[..40]}..." : name;
        throw new InvalidPreprocessingException($"{member} is '{shown}'; expected {string.Join(", ", table.Select(row => row.Name))}.");
    }
}
