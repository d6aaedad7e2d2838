using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The column that images are read from: their paths as text, their files' bytes, or ML.NET's decoded images.</summary>
internal static class ImageColumns
{
    private const string Expected = "text (a path), a vector of Byte (an image file's content) or an MLImage";

    /// <summary>Finds and checks the column.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = schema.GetColumnOrNull(name) ?? throw Missing(name, schema.Select(c => c.Name));
        bool isVector = column.Type is VectorDataViewType { ItemType: NumberDataViewType { RawType: var raw } } && raw == typeof(byte);
        return column.Type is TextDataViewType || isVector || MLImages.IsImage(column.Type)
            ? column
            : throw Wrong(name, column.Type.ToString()!);
    }

    /// <summary>Checks the column in the promise of a schema.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it holds something else.</exception>
    public static void Check(SchemaShape shape, string name)
    {
        SchemaShape.Column column = SchemaShapes.Find(shape, name) ?? throw Missing(name, shape.Select(c => c.Name));
        bool isScalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
        if (column.IsKey || !(isScalar ? column.ItemType is TextDataViewType || MLImages.IsImage(column.ItemType) : column.ItemType.RawType == typeof(byte)))
        {
            throw Wrong(name, SchemaShapes.Describe(column));
        }
    }

    public static ArgumentException Missing(string name, IEnumerable<string> columns) =>
        new($"There is no column '{name}'; the columns are {string.Join(", ", columns.Distinct(StringComparer.Ordinal).Select(c => $"'{c}'"))}.");

    private static ArgumentException Wrong(string name, string found) => new($"The column '{name}' with the images is {found}; expected {Expected}.");
}
