using System.Reflection;
using MLClassify.Engines.Cpu.Kernels.Simd;
using Xunit.Sdk;

namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>
/// A theory's rows at one vector width; skipped, with the reason, where the processor lacks it. Without a name there is one row of the
/// width alone; with one, a row for each element of that static property.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class LevelDataAttribute : DataAttribute
{
    private readonly SimdLevel _level;
    private readonly string? _cases;

    public LevelDataAttribute(SimdLevel level, string? cases = null)
    {
        _level = level;
        _cases = cases;
        if (!SimdSupport.IsSupported(level))
        {
            Skip = $"this process has no accelerated {level}";
        }
    }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        if (_cases is null)
        {
            return [[_level]];
        }

        Type type = testMethod.ReflectedType ?? throw new InvalidOperationException(testMethod.Name);
        PropertyInfo property = type.GetProperty(_cases, BindingFlags.Public | BindingFlags.Static) ?? throw new InvalidOperationException($"{type} has no {_cases}");
        return ((IEnumerable<string>)property.GetValue(null)!).Select(name => new object[] { _level, name });
    }
}
