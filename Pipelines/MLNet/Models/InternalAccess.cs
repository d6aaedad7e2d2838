using System.Runtime.CompilerServices;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.StandardTrainers")]

namespace System.Runtime.CompilerServices;

/// <summary>
/// Known to the runtime by its name: an assembly that bears it may use the internals of the one that it names. The framework has no such class
/// of its own, so every assembly that needs it brings it.
/// </summary>
/// <param name="assemblyName">The assembly's simple name.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The assembly's simple name.</summary>
    public string AssemblyName { get; } = assemblyName;
}
