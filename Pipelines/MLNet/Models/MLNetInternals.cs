using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>
/// The few members that ML.NET keeps to itself and that its model files cannot do without, found by name: writing the header and a stream of
/// a saved component, reading them, and naming the method that loads one. Nothing else in this project touches them. Why this way:
/// docs/decisions/0004-mlnet-models.md.
/// </summary>
internal static class MLNetInternals
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly Core = typeof(ModelSaveContext).Assembly;

    /// <summary>Writes a component's header, which says who loads it.</summary>
    /// <param name="context">Where the component is saved.</param>
    /// <param name="signature">Eight characters by which the component is recognized.</param>
    /// <param name="version">The format's version.</param>
    /// <param name="loader">The name under which the loading method is registered.</param>
    public static void WriteHeader(ModelSaveContext context, string signature, uint version, string loader)
    {
        // The assembly by its name alone: a later version of it reads the file as well.
        string assembly = typeof(MLNetInternals).Assembly.GetName().Name!;
        object?[] values = [signature, version, version, version, assembly, loader, null];
        object info = Constructor(Type("Microsoft.ML.VersionInfo"), values.Length).Invoke(values);
        Call(context, "CheckAtModel", []);
        Call(context, "SetVersionInfo", [info]);
    }

    /// <summary>Writes a stream beside the header.</summary>
    public static void WriteStream(ModelSaveContext context, string name, Action<Stream> write) =>
        Call(context, "SaveBinaryStream", [name, (Action<BinaryWriter>)(writer =>
        {
            writer.Flush();
            write(writer.BaseStream);
        })]);

    /// <summary>Reads a stream beside the header.</summary>
    /// <param name="context">What ML.NET gave to the loading method.</param>
    /// <param name="name">The stream's name.</param>
    /// <param name="read">Gets the stream, at its beginning.</param>
    /// <exception cref="InvalidDataException">There is no such stream.</exception>
    public static void ReadStream(object context, string name, Action<Stream> read)
    {
        if (Call(context, "TryLoadBinaryStream", [name, (Action<BinaryReader>)(reader => read(reader.BaseStream))]) is not true)
        {
            throw new InvalidDataException($"The model file is damaged: it lacks '{name}'.");
        }
    }

    /// <summary>Tells a context which method loads what <see cref="WriteHeader"/> marked. Does nothing the second time.</summary>
    /// <param name="catalog">The context's components.</param>
    /// <param name="loader">The name in the header.</param>
    /// <param name="loaded">What is loaded.</param>
    /// <param name="type">A class with a static method <c>Create(IHostEnvironment, object)</c> that returns exactly that.</param>
    public static void RegisterLoader(ComponentCatalog catalog, string loader, Type loaded, Type type)
    {
        Type attributeType = Type("Microsoft.ML.LoadableClassAttribute");
        Type[] parameters = [typeof(Type), typeof(Type), typeof(Type), typeof(Type), typeof(string), typeof(string[])];
        ConstructorInfo constructor = attributeType.GetConstructor(Any, parameters) ?? throw Lacks($"{attributeType.Name}'s constructor");
        var attribute = (Attribute)constructor.Invoke([loaded, type, null, Type("Microsoft.ML.SignatureLoadModel"), "", new[] { loader }]);
        catalog.RegisterAssembly(new AttributedAssembly(loader, attribute));
    }

    private static Type Type(string name) => Core.GetType(name) ?? throw Lacks(name);

    private static ConstructorInfo Constructor(Type type, int parameters) =>
        Array.Find(type.GetConstructors(Any), c => c.GetParameters().Length == parameters) ?? throw Lacks($"{type.Name}'s constructor");

    private static object? Call(object target, string name, object?[] arguments)
    {
        MethodInfo method = Array.Find(target.GetType().GetMethods(Any), m => m.Name == name && m.GetParameters().Length == arguments.Length)
            ?? throw Lacks($"{target.GetType().Name}.{name}");
        return method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, CultureInfo.InvariantCulture);
    }

    private static NotSupportedException Lacks(string member) => new(
        $"Microsoft.ML {Core.GetName().Version} has no {member}, without which MLClassify's models are neither saved nor loaded by it; this version of MLClassify.MLNet was made for Microsoft.ML 5.");

    /// <summary>
    /// An assembly that has one attribute and no types: catalogs accept assemblies, whose attributes say what can be loaded, and ours cannot
    /// bear an attribute of an internal class.
    /// </summary>
    private sealed class AttributedAssembly(string name, Attribute attribute) : Assembly
    {
        public override string FullName => $"{typeof(MLNetInternals).Assembly.GetName().Name}.{name}";

        public override AssemblyName GetName(bool copiedName) => new(FullName);

        public override Type[] GetTypes() => [];

        public override object[] GetCustomAttributes(bool inherit) => [attribute];

        public override object[] GetCustomAttributes(Type attributeType, bool inherit)
        {
            bool isAsked = attributeType.IsInstanceOfType(attribute);
            var found = (object[])Array.CreateInstance(attributeType, isAsked ? 1 : 0);
            if (isAsked)
            {
                found[0] = attribute;
            }

            return found;
        }
    }
}
