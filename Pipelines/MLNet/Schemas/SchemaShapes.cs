using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// The output schemas that estimators declare. Only ML.NET itself can make a <see cref="SchemaShape.Column"/>; the estimator of a custom
/// mapping, whose columns anybody may describe, is asked for ours.
/// </summary>
internal static class SchemaShapes
{
    private static readonly MethodInfo Annotate = typeof(SchemaShapes).GetMethod(nameof(AddAnnotation), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>A schema with more columns, which hide those of the same names.</summary>
    public static SchemaShape Add(MLContext context, SchemaShape input, IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        ArgumentNullException.ThrowIfNull(input);
        var columns = new List<SchemaShape.Column>(input);
        foreach (DataViewSchema.DetachedColumn column in added)
        {
            columns.RemoveAll(c => c.Name == column.Name);
            columns.Add(Of(context, column));
        }

        return new SchemaShape(columns);
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

    private static SchemaShape.Column Of(MLContext context, DataViewSchema.DetachedColumn column)
    {
        var all = SchemaDefinition.Create(typeof(Members), SchemaDefinition.Direction.Write);
        SchemaDefinition.Column member = all.Single(c => c.MemberName == Members.NameFor(column.Type));
        member.ColumnName = column.Name;
        member.ColumnType = column.Type;
        foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
        {
            Annotate.MakeGenericMethod(annotation.Type.RawType).Invoke(null, [member, annotation]);
        }

        all.RemoveAll(c => c.MemberName != member.MemberName);
        return context.Transforms.CustomMapping<NoColumns, Members>((_, _) => { }, contractName: null, outputSchemaDefinition: all)
            .GetOutputSchema(new SchemaShape([])).Single();
    }

    // The value does not matter: a promise knows types.
    private static void AddAnnotation<T>(SchemaDefinition.Column column, DataViewSchema.Column annotation) =>
        column.AddAnnotation(annotation.Name, default(T)!, annotation.Type);

    private sealed class NoColumns;

    /// <summary>One member for each type of column that is added.</summary>
    private sealed class Members
    {
        public VBuffer<float> Numbers { get; set; }

        public uint Key { get; set; }

        public ReadOnlyMemory<char> Text { get; set; }

        public static string NameFor(DataViewType type) => type switch
        {
            VectorDataViewType => nameof(Numbers),
            KeyDataViewType => nameof(Key),
            _ => nameof(Text),
        };
    }
}
