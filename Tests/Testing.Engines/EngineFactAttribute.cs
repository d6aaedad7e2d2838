using Xunit.Abstractions;
using Xunit.Sdk;

namespace MLClassify.Testing.Engines;

/// <summary>A test that is skipped where the <see cref="EngineRequirementAttribute"/> of its class, which may inherit it, is not met.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MLClassify.Testing.Engines.EngineFactDiscoverer", "MLClassify.Testing.Engines")]
public sealed class EngineFactAttribute : FactAttribute;

/// <summary>Likewise with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MLClassify.Testing.Engines.EngineTheoryDiscoverer", "MLClassify.Testing.Engines")]
public sealed class EngineTheoryAttribute : TheoryAttribute;

/// <summary>Finds the tests of <see cref="EngineFactAttribute"/>.</summary>
/// <param name="sink">Where messages go.</param>
public sealed class EngineFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    private readonly IMessageSink _sink = sink;

    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        Requirement.Problem(testMethod) is { } problem
            ? new SkippedEngineTest(_sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, problem)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}

/// <summary>Finds the tests of <see cref="EngineTheoryAttribute"/>.</summary>
/// <param name="sink">Where messages go.</param>
public sealed class EngineTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    private readonly IMessageSink _sink = sink;

    /// <inheritdoc/>
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        Requirement.Problem(testMethod) is { } problem
            ? [new SkippedEngineTest(_sink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, problem)]
            : base.Discover(discoveryOptions, testMethod, theoryAttribute);
}

/// <summary>A test that cannot run on this machine.</summary>
public sealed class SkippedEngineTest : XunitTestCase
{
    private string? _problem;

    /// <summary>For the runner, which reads it back.</summary>
    [Obsolete("Called by the runner")]
    public SkippedEngineTest()
    {
    }

    /// <summary>Keeps the reason.</summary>
    public SkippedEngineTest(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, string problem)
        : base(sink, display, options, method) => _problem = problem;

    /// <inheritdoc/>
    public override void Serialize(IXunitSerializationInfo data)
    {
        base.Serialize(data);
        data.AddValue("Problem", _problem);
    }

    /// <inheritdoc/>
    public override void Deserialize(IXunitSerializationInfo data)
    {
        _problem = data.GetValue<string>("Problem");
        base.Deserialize(data);
    }

    /// <inheritdoc/>
    protected override string? GetSkipReason(IAttributeInfo factAttribute) => _problem;
}

/// <summary>What a class of tests needs.</summary>
internal static class Requirement
{
    /// <summary>Why a method's class cannot run its tests here; null where it can.</summary>
    public static string? Problem(ITestMethod method) => method.TestClass.Class
        .GetCustomAttributes(typeof(EngineRequirementAttribute).AssemblyQualifiedName)
        .OfType<ReflectionAttributeInfo>()
        .Select(a => ((EngineRequirementAttribute)a.Attribute).Problem)
        .FirstOrDefault(p => p is not null);
}
