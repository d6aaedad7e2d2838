using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>
/// The few members that ML.NET keeps to itself and that its model files and catalogs cannot do without: writing the header and a stream of a
/// saved component, reading them, a catalog's environment, the description of a column. Nothing else in this project touches internals, but
/// for the attributes in <c>InternalAccess.cs</c>. Why this way: docs/decisions/0004-mlnet-models.md.
/// </summary>
internal static class MLNetInternals
{
    /// <summary>Writes a component's header, which says who loads it.</summary>
    /// <param name="context">Where the component is saved.</param>
    /// <param name="signature">Eight characters by which the component is recognized.</param>
    /// <param name="version">The format's version.</param>
    /// <param name="loader">The name under which the loading method is registered.</param>
    public static void WriteHeader(ModelSaveContext context, string signature, uint version, string loader) => Use(() =>
    {
        context.CheckAtModel();

        // The assembly by its name alone: a later version of it reads the file as well.
        context.SetVersionInfo(new VersionInfo(signature, version, version, version, typeof(MLNetInternals).Assembly.GetName().Name!, loader));
        return true;
    });

    /// <summary>Writes a stream beside the header.</summary>
    public static void WriteStream(ModelSaveContext context, string name, Action<Stream> write) => Use(() =>
    {
        context.SaveBinaryStream(name, writer =>
        {
            writer.Flush();
            write(writer.BaseStream);
        });
        return true;
    });

    /// <summary>Reads a stream beside the header.</summary>
    /// <param name="context">What ML.NET gave to the loading method.</param>
    /// <param name="name">The stream's name.</param>
    /// <param name="read">Gets the stream, at its beginning.</param>
    /// <exception cref="InvalidDataException">There is no such stream.</exception>
    public static void ReadStream(ModelLoadContext context, string name, Action<Stream> read)
    {
        if (!Use(() => context.TryLoadBinaryStream(name, reader => read(reader.BaseStream))))
        {
            throw new InvalidDataException($"The model file is damaged: it lacks '{name}'.");
        }
    }

    /// <summary>The environment of the context that a catalog belongs to: its messages, its seed, its components.</summary>
    /// <param name="catalog">A catalog of ML.NET's.</param>
    public static IHostEnvironment EnvironmentOf(object catalog) => Use(() => CatalogUtils.GetEnvironment((IInternalCatalog)catalog));

    /// <summary>The seed that the context was made with; null where it has none.</summary>
    public static int? SeedOf(IHostEnvironment environment) => Use(() => (environment as IHostEnvironmentInternal)?.Seed);

    /// <summary>The card that the context names, and whether the processor may compute in its place; null where it names none.</summary>
    public static (int Index, bool MayFallBack)? CardOf(IHostEnvironment environment) => Use<(int, bool)?>(() =>
        environment is IHostEnvironmentInternal { GpuDeviceId: { } index } inside ? (index, inside.FallbackToCpu) : null);

    /// <summary>The description of columns by which estimators are checked before data is read.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => Use(() => SchemaShape.Create(schema));

    // A member that is not there is found out when the method that uses it is compiled, at its call.
    private static T Use<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception e) when (e is MissingMemberException or TypeLoadException or MemberAccessException)
        {
            throw new NotSupportedException(
                $"Microsoft.ML {typeof(MLContext).Assembly.GetName().Version} lacks an internal member that MLClassify needs ({e.Message.TrimEnd('.')}); this version of MLClassify.MLNet was made for Microsoft.ML 5 and 6.", e);
        }
    }
}
