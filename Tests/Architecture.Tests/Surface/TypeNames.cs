using System.Reflection;

namespace MLClassify.Architecture.Tests.Surface;

/// <summary>Types as C# writes them, with their namespaces and with <c>?</c> where null is allowed.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>A type whose annotations are not known, such as a base type.</summary>
    public static string Of(Type type) => Of(type, null);

    /// <summary>A type with what is known about null in it.</summary>
    public static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef || type.IsPointer)
        {
            return Of(type.GetElementType()!, type.IsByRef ? nullability : null) + (type.IsPointer ? "*" : "");
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Of(value, nullability?.GenericTypeArguments.FirstOrDefault()) + "?";
        }

        bool mayBeNull = !type.IsValueType && nullability is { ReadState: NullabilityState.Nullable } or { WriteState: NullabilityState.Nullable };
        return Plain(type, nullability) + (mayBeNull ? "?" : "");
    }

    /// <summary>A type's own name, without its namespace: <c>Outer.Inner&lt;T&gt;</c>.</summary>
    public static string Own(Type type)
    {
        string name = type.Name.Split('`')[0];
        string[] inherited = type.DeclaringType is { } outer ? [.. outer.GetGenericArguments().Select(a => a.Name)] : [];
        Type[] own = [.. type.GetGenericArguments().Where(a => !inherited.Contains(a.Name))];
        string arguments = own.Length == 0 ? "" : $"<{string.Join(", ", own.Select(Variance))}>";
        return (type.DeclaringType is null ? "" : Own(type.DeclaringType) + ".") + name + arguments;
    }

    private static string Plain(Type type, NullabilityInfo? nullability)
    {
        if (type.IsFunctionPointer)
        {
            return $"delegate*<{string.Join(", ", [.. type.GetFunctionPointerParameterTypes().Select(Of), Of(type.GetFunctionPointerReturnType())])}>";
        }

        if (type.IsGenericParameter || Keywords.ContainsKey(type))
        {
            return Keywords.GetValueOrDefault(type, type.Name);
        }

        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        Type[] arguments = type.GetGenericArguments();
        string[] names = [.. arguments.Select((a, i) => Of(a, nullability?.GenericTypeArguments.ElementAtOrDefault(i)))];
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true)
        {
            return $"({string.Join(", ", names)})";
        }

        string prefix = type.DeclaringType is { } outer ? Plain(outer, null) : type.Namespace ?? "";
        return $"{prefix}.{type.Name.Split('`')[0]}" + (names.Length == 0 ? "" : $"<{string.Join(", ", names)}>");
    }

    private static string Variance(Type argument) => (argument.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    } + argument.Name;
}
