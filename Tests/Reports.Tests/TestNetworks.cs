using System.Runtime.CompilerServices;

namespace MLClassify.Reports.Tests;

/// <summary>Makes the tests' small network known before any test runs.</summary>
internal static class TestNetworks
{
    [ModuleInitializer]
    internal static void Register() => TinyNetwork.Register();
}
