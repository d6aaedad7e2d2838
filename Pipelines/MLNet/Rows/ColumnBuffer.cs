using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>
/// The values that a column has in some rows, kept so that the source may run ahead of who reads them. What went wrong with a value is kept
/// as well, for who asks for it.
/// </summary>
internal abstract class ColumnBuffer
{
    /// <summary>
    /// Whether a value of this type can be kept: numbers, text, keys and vectors are copied; objects, such as images, belong to their
    /// row.
    /// </summary>
    public static bool CanHold(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    /// <summary>Makes a buffer for an active column.</summary>
    /// <param name="row">The source.</param>
    /// <param name="column">One of its active columns.</param>
    /// <param name="slots">How many rows.</param>
    public static ColumnBuffer Create(DataViewRow row, DataViewSchema.Column column, int slots) => (ColumnBuffer)typeof(ColumnBuffer)
        .GetMethod(nameof(CreateFor), BindingFlags.NonPublic | BindingFlags.Static)!
        .MakeGenericMethod(column.Type.RawType)
        .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [row, column, slots], CultureInfo.InvariantCulture)!;

    /// <summary>Keeps the source's current value.</summary>
    public abstract void Read(int slot);

    private static ColumnBuffer<T> CreateFor<T>(DataViewRow row, DataViewSchema.Column column, int slots) => new(row.GetGetter<T>(column), slots);
}

/// <summary>The kept values of a column.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal sealed class ColumnBuffer<T>(ValueGetter<T> source, int slots) : ColumnBuffer
{
    private static readonly Copier Copy = CreateCopier();

    private readonly T[] _values = new T[slots];
    private readonly ExceptionDispatchInfo?[] _errors = new ExceptionDispatchInfo?[slots];

    private delegate void Copier(in T from, ref T to);

    public override void Read(int slot)
    {
        try
        {
            _errors[slot] = null;
            source(ref _values[slot]);
        }
        catch (Exception error)
        {
            // It belongs to who asks for this value, which nobody may ever do.
            _errors[slot] = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>A kept value; valid until the slot is read again.</summary>
    /// <exception cref="Exception">What the source threw.</exception>
    public ref readonly T Value(int slot)
    {
        _errors[slot]?.Throw();
        return ref _values[slot];
    }

    /// <summary>Writes a kept value as the source would have written it.</summary>
    public void CopyTo(int slot, ref T value) => Copy(Value(slot), ref value);

    /// <summary>The source's current value.</summary>
    public void ReadCurrent(ref T value) => source(ref value);

    private static Copier CreateCopier() => typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>)
        ? typeof(ColumnBuffer<T>).GetMethod(nameof(CopyVector), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(T).GetGenericArguments()).CreateDelegate<Copier>()
        : (in T from, ref T to) => to = from;

    private static void CopyVector<TItem>(in VBuffer<TItem> from, ref VBuffer<TItem> to) => from.CopyTo(ref to);
}
