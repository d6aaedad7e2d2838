using Microsoft.ML;

namespace MLClassify.MLNet;

/// <summary>The output schemas that estimators declare.</summary>
internal static class SchemaShapes
{
    /// <summary>A schema with more columns, which hide those of the same names.</summary>
    public static SchemaShape Add(SchemaShape input, IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        ArgumentNullException.ThrowIfNull(input);
        var schema = new DataViewSchema.Builder();
        foreach (DataViewSchema.DetachedColumn column in added)
        {
            schema.AddColumn(column.Name, column.Type, column.Annotations);
        }

        SchemaShape ours = MLNetInternals.ShapeOf(schema.ToSchema());
        return new SchemaShape(input.Where(column => ours.All(own => own.Name != column.Name)).Concat(ours));
    }

    public static SchemaShape.Column? Find(SchemaShape shape, string name)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Where(c => c.Name == name).Select(c => (SchemaShape.Column?)c).FirstOrDefault();
    }

    public static string Describe(SchemaShape.Column column)
    {
        string item = column.IsKey ? $"Key<{column.ItemType}>" : column.ItemType.ToString()!;
        return column.Kind == SchemaShape.Column.VectorKind.Scalar ? item : $"Vector<{item}>";
    }
}
