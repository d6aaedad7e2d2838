using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The values of a key column: those of its <c>KeyValues</c>, of whatever type, and their texts.</summary>
internal abstract class KeyNames
{
    internal const string Kind = "KeyValues";

    private static readonly PrimitiveDataViewType[] Types =
    [
        TextDataViewType.Instance, BooleanDataViewType.Instance, NumberDataViewType.Single, NumberDataViewType.Double,
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
    ];

    /// <summary>The values as text (invariant culture), by key: key k, counted from 1, has the name k - 1.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>The values' type, as a word for a file.</summary>
    public abstract string TypeName { get; }

    /// <summary>Names from texts, such as a model's labels.</summary>
    public static KeyNames FromText(IEnumerable<string> names) => new Typed<ReadOnlyMemory<char>>(TextDataViewType.Instance, [.. names.Select(n => n.AsMemory())]);

    /// <summary>Names from what <see cref="TypeName"/> and <see cref="Names"/> gave.</summary>
    /// <exception cref="FormatException">The type is unknown, or a text is no value of it.</exception>
    public static KeyNames Parse(string typeName, IReadOnlyList<string> names)
    {
        PrimitiveDataViewType type = Types.FirstOrDefault(t => t.ToString() == typeName) ?? throw new FormatException($"'{typeName}' is no type of key values that is known");
        return type is TextDataViewType ? FromText(names) : (KeyNames)Invoke(nameof(ParseAs), type.RawType, type, names)!;
    }

    /// <summary>One name of the type that a column's names are promised to have.</summary>
    public static KeyNames Example(DataViewType type) => type is PrimitiveDataViewType item && Types.Contains(item)
        ? (KeyNames)Invoke(nameof(One), item.RawType, item)!
        : FromText([""]);

    /// <summary>The names of a key column; null where it has none.</summary>
    public static KeyNames? Of(DataViewSchema.Column column)
    {
        DataViewSchema.Column? annotation = column.Annotations.Schema.GetColumnOrNull(Kind);
        if (annotation?.Type is not VectorDataViewType { ItemType: PrimitiveDataViewType item })
        {
            return null;
        }

        // What has no type in a model file goes on as text.
        return (KeyNames)Invoke(nameof(Read), item.RawType, column, item, Types.Contains(item))!;
    }

    /// <summary>The first name that has another key among some classes; null where none has, or where a name is none of them.</summary>
    /// <param name="classes">The classes' names, by key.</param>
    public string? FirstElsewhere(IReadOnlyList<string> classes)
    {
        Dictionary<string, int> places = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return Names.All(places.ContainsKey) ? Names.Index().FirstOrDefault(entry => places[entry.Item] != entry.Index).Item : null;
    }

    /// <summary>Adds the values as an annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind);

    private static object? Invoke(string method, Type type, params object[] arguments) => typeof(KeyNames)
        .GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, arguments, CultureInfo.InvariantCulture);

    private static KeyNames Read<T>(DataViewSchema.Column column, PrimitiveDataViewType type, bool isKnown)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(Kind, ref values);
        var typed = new Typed<T>(type, [.. values.DenseValues()]);
        return isKnown ? typed : FromText(typed.Names);
    }

    private static Typed<T> One<T>(PrimitiveDataViewType type) => new(type, new T[1]);

    private static Typed<T> ParseAs<T>(PrimitiveDataViewType type, IReadOnlyList<string> names)
    {
        try
        {
            return new Typed<T>(type, [.. names.Select(n => (T)Convert.ChangeType(n, typeof(T), CultureInfo.InvariantCulture))]);
        }
        catch (OverflowException e)
        {
            throw new FormatException($"a key value is no {type}: {e.Message}", e);
        }
    }

    private sealed class Typed<T> : KeyNames
    {
        private readonly PrimitiveDataViewType _type;
        private readonly T[] _values;

        public Typed(PrimitiveDataViewType type, T[] values)
        {
            _type = type;
            _values = values;
            Names = [.. values.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture) ?? "")];
        }

        public override IReadOnlyList<string> Names { get; }

        public override string TypeName => _type.ToString()!;

        public override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) => builder.Add(
            kind,
            new VectorDataViewType(_type, _values.Length),
            (ref VBuffer<T> value) =>
            {
                var editor = VBufferEditor.Create(ref value, _values.Length);
                _values.CopyTo(editor.Values);
                value = editor.Commit();
            });
    }
}
