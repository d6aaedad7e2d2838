using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace MLClassify.Architecture.Tests.Surface;

/// <summary>What an assembly offers, as text: a paragraph for each public type, a line for each member, in order.</summary>
internal static class PublicSurface
{
    /// <summary>The text; the same whatever the machine and the order in the sources.</summary>
    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(t => $"{t.Namespace}.{TypeNames.Own(t)}", StringComparer.Ordinal))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(Header(type)).Append('\n');
            foreach (string line in type.IsSubclassOf(typeof(Delegate)) ? [] : MemberLines.Of(type))
            {
                text.Append("    ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Header(Type type)
    {
        string name = $"{type.Namespace}.{TypeNames.Own(type)}";
        string constraints = string.Concat(type.GetGenericArguments().Select(MemberLines.Constraints));
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {MemberLines.Result(invoke)} {name}({MemberLines.Parameters(invoke)}){constraints}";
        }

        string[] bases = type.IsEnum ? [] : [.. Bases(type)];
        return Kind(type) + name + (bases.Length == 0 ? "" : $" : {string.Join(", ", bases)}") + constraints;
    }

    private static string Kind(Type type)
    {
        bool isRecord = type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
        string record = isRecord ? "record " : "";
        if (type.IsEnum)
        {
            return type.IsDefined(typeof(FlagsAttribute)) ? "flags enum " : "enum ";
        }

        if (type.IsValueType)
        {
            string readOnly = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            return $"{readOnly}{(type.IsByRefLike ? "ref " : "")}{record}struct ";
        }

        return type.IsInterface ? "interface "
            : type is { IsAbstract: true, IsSealed: true } ? "static class "
            : $"{(type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{record}class ";
    }

    // Interfaces that a base or another interface brings are theirs.
    private static IEnumerable<string> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return TypeNames.Of(parent);
        }

        Type[] all = [.. type.GetInterfaces().Where(i => i.IsVisible)];
        IEnumerable<Type> brought = all.SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []);
        foreach (string name in all.Except(brought).Select(TypeNames.Of).Order(StringComparer.Ordinal))
        {
            yield return name;
        }
    }
}
