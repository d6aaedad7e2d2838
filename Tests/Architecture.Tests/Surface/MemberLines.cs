using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using MLClassify.Graphs;

namespace MLClassify.Architecture.Tests.Surface;

/// <summary>Members as lines of C#: what a caller, or a class that derives, can name.</summary>
internal static class MemberLines
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>A type's members, in order.</summary>
    public static IEnumerable<string> Of(Type type)
    {
        IEnumerable<string> fields = type.GetFields(All).Where(f => IsVisible(f.Attributes) && !f.IsSpecialName).Select(Field);
        IEnumerable<string> constructors = type.GetConstructors(All).Where(IsVisible).Select(c => $"{Access(c)}{Modifiers(c)}{type.Name.Split('`')[0]}({Parameters(c)})");
        IEnumerable<string> properties = type.GetProperties(All).Where(p => p.GetAccessors(nonPublic: true).Any(IsVisible)).Select(Property);
        IEnumerable<string> events = type.GetEvents(All).Where(e => IsVisible(e.AddMethod!)).Select(e => $"{Access(e.AddMethod!)}event {TypeNames.Of(e.EventHandlerType!)} {e.Name}");
        IEnumerable<string> methods = type.GetMethods(All).Where(m => IsVisible(m) && IsWritten(m)).Select(Method);
        IEnumerable<string> all = type.IsEnum ? fields : [.. fields, .. constructors, .. properties, .. events, .. methods];
        return all.Order(StringComparer.Ordinal);
    }

    /// <summary>The parameters of a method or delegate, without the parentheses.</summary>
    public static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    /// <summary>The type of a result.</summary>
    public static string Result(MethodInfo method) => (method.ReturnType.IsByRef ? "ref " : "") + TypeNames.Of(method.ReturnType, Nullability.Create(method.ReturnParameter));

    private static string Field(FieldInfo field)
    {
        string type = TypeNames.Of(field.FieldType, Nullability.Create(field));
        if (field.DeclaringType!.IsEnum)
        {
            return $"{field.Name} = {Convert.ToString(Convert.ChangeType(field.GetRawConstantValue(), typeof(long), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)}";
        }

        string access = field.IsPublic ? "" : "protected ";
        return field.IsLiteral
            ? $"{access}const {type} {field.Name} = {Constant(field.GetRawConstantValue(), field.FieldType)}"
            : $"{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(IsVisible)];
        MethodInfo widest = accessors.OrderByDescending(a => a.IsPublic).First();
        string Accessor(MethodInfo accessor)
        {
            bool isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            string name = accessor == property.GetMethod ? "get" : isInit ? "init" : "set";
            return (accessor.IsPublic == widest.IsPublic ? "" : Access(accessor)) + name + ";";
        }

        string index = string.Join(", ", property.GetIndexParameters().Select(Parameter));
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string type = (property.PropertyType.IsByRef ? "ref " : "") + TypeNames.Of(property.PropertyType, Nullability.Create(property));
        string name = index.Length == 0 ? property.Name : $"this[{index}]";
        return $"{Access(widest)}{Modifiers(widest)}{required}{type} {name} {{ {string.Join(' ', accessors.Select(Accessor))} }}";
    }

    private static string Method(MethodInfo method)
    {
        Type[] arguments = method.GetGenericArguments();
        string generic = arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(a => a.Name))}>";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{Access(method)}{Modifiers(method)}{Result(method)} {method.Name}{generic}({extension}{Parameters(method)}){string.Concat(arguments.Select(Constraints))}";
    }

    /// <summary>What a generic parameter must be.</summary>
    public static string Constraints(Type argument)
    {
        GenericParameterAttributes flags = argument.GenericParameterAttributes;
        bool isStruct = flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        string[] all =
        [
            .. isStruct ? ["struct"] : Array.Empty<string>(),
            .. flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : Array.Empty<string>(),
            .. argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(TypeNames.Of).Order(StringComparer.Ordinal),
            .. flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct ? ["new()"] : Array.Empty<string>(),
        ];
        return all.Length == 0 ? "" : $" where {argument.Name} : {string.Join(", ", all)}";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string direction = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string isParams = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string value = parameter.HasDefaultValue ? $" = {Constant(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{isParams}{direction}{TypeNames.Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Constant(object? value, Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => plain == type && type.IsValueType ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            char character => $"'{character}'",
            _ when plain.IsEnum => $"{TypeNames.Of(plain)}.{Enum.ToObject(plain, value)}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
    }

    // Accessors belong to their property; what the compiler writes for a record is the same for each, and says nothing.
    private static bool IsWritten(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsVisible(MethodBase method) =>
        (method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed)) && !method.Name.Contains('<') && (method is not ConstructorInfo || !method.IsStatic);

    private static bool IsVisible(FieldAttributes field) =>
        (field & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodBase method)
    {
        if (method is ConstructorInfo || method.DeclaringType!.IsInterface)
        {
            return method.IsStatic ? method.IsAbstract ? "static abstract " : "static " : "";
        }

        bool isOverride = method is MethodInfo info && info.GetBaseDefinition() != info;
        return method.IsStatic ? "static "
            : method.IsAbstract ? isOverride ? "abstract override " : "abstract "
            : isOverride ? method.IsFinal ? "sealed override " : "override "
            : method.IsVirtual && !method.IsFinal ? "virtual "
            : "";
    }
}
