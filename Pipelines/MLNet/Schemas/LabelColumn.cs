using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The column with the classes: a key of a known number of them.</summary>
/// <param name="Column">The column.</param>
/// <param name="Classes">How many there are.</param>
/// <param name="Names">What the keys stand for; null where the column does not say.</param>
internal sealed record LabelColumn(DataViewSchema.Column Column, int Classes, KeyNames? Names)
{
    private const string Advice = "map the classes to keys first: mlContext.Transforms.Conversion.MapValueToKey";

    /// <summary>The classes' names for the model: distinct and not empty, whatever the keys stand for.</summary>
    public IReadOnlyList<string> ClassNames()
    {
        IReadOnlyList<string> names = Names is { } known && known.Names.Count == Classes
            ? known.Names
            : [.. Enumerable.Range(0, Classes).Select(i => FormattableString.Invariant($"{i}"))];
        bool isUsable = !names.Contains("") && names.Distinct(StringComparer.Ordinal).Count() == names.Count;
        return isUsable ? names : [.. names.Select((name, i) => FormattableString.Invariant($"{i}: {name}"))];
    }

    /// <summary>Finds and checks the column.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is not a key of a known number of classes.</exception>
    public static LabelColumn Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw ImageColumns.Missing(name, schema.Select(c => c.Name));
        if (column.Type is not KeyDataViewType key || key.RawType != typeof(uint))
        {
            throw Wrong(name, column.Type.ToString()!);
        }

        return key.Count is >= 1 and <= int.MaxValue
            ? new LabelColumn(column, (int)key.Count, KeyNames.Of(column))
            : throw new ArgumentException($"The label column '{name}' is a key of {key.Count} classes; expected 2 or more.");
    }

    /// <summary>Checks the column in the promise of a schema.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is no key.</exception>
    public static SchemaShape.Column Check(SchemaShape shape, string name)
    {
        SchemaShape.Column column = SchemaShapes.Find(shape, name) ?? throw ImageColumns.Missing(name, shape.Select(c => c.Name));
        return column.IsKey && column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType.RawType == typeof(uint)
            ? column
            : throw Wrong(name, SchemaShapes.Describe(column));
    }

    private static ArgumentException Wrong(string name, string found) => new($"The label column '{name}' is {found}; expected Key<UInt32>: {Advice}.");
}
