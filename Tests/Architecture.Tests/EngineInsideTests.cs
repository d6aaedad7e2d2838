using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLClassify.Architecture.Tests;

/// <summary>An engine is internal as a whole, and visible to the library that makes it (docs/decisions/0006-internals.md), which uses no more of it.</summary>
public class EngineInsideTests
{
    [Fact]
    public void Models_OfTheEngine_NamesTheEngineAlone()
    {
        using var file = new PEReader(File.OpenRead(Assembly.Load("MLClassify.Models").Location));
        MetadataReader metadata = file.GetMetadataReader();

        string[] named =
        [
            .. metadata.TypeReferences.Select(metadata.GetTypeReference)
                .Where(type => metadata.GetString(type.Namespace).StartsWith("MLClassify.Engines.Cpu", StringComparison.Ordinal))
                .Select(type => metadata.GetString(type.Name)),
        ];

        Assert.Equal(["CpuEngine"], named);
    }
}
