using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MLClassify.Build.PublicReference;

/// <summary>
/// Copies an assembly with everything internal in it made public, to compile against; the program then runs with the assembly itself. Only flags
/// in its metadata tables change (ECMA-335, II.22.37 TypeDef, II.22.26 MethodDef). Arguments: the assembly, the copy.
/// </summary>
internal static class Program
{
    /// <summary>RVA and ImplFlags stand before a method's flags.</summary>
    private const int MethodFlagsOffset = 6;

    public static int Main(string[] arguments)
    {
        if (arguments is not [string source, string target])
        {
            Console.Error.WriteLine("usage: PublicReference ASSEMBLY COPY");
            return 2;
        }

        byte[] image = File.ReadAllBytes(source);
        using (var assembly = new PEReader(new MemoryStream([.. image])))
        {
            Open(image, assembly.GetMetadataReader(), assembly.PEHeaders.MetadataStartOffset);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
        File.WriteAllBytes(target, image);
        return 0;
    }

    private static void Open(byte[] image, MetadataReader reader, int metadata)
    {
        Span<byte> Row(TableIndex table, EntityHandle handle) => image.AsSpan(
            metadata + reader.GetTableMetadataOffset(table) + ((MetadataTokens.GetRowNumber(handle) - 1) * reader.GetTableRowSize(table)));

        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeAttributes flags = reader.GetTypeDefinition(handle).Attributes;
            TypeAttributes visibility = (flags & TypeAttributes.VisibilityMask) is TypeAttributes.NotPublic or TypeAttributes.Public
                ? TypeAttributes.Public
                : TypeAttributes.NestedPublic;
            BinaryPrimitives.WriteUInt32LittleEndian(Row(TableIndex.TypeDef, handle), (uint)((flags & ~TypeAttributes.VisibilityMask) | visibility));
        }

        foreach (MethodDefinitionHandle handle in reader.MethodDefinitions)
        {
            MethodAttributes flags = reader.GetMethodDefinition(handle).Attributes;
            if ((flags & MethodAttributes.MemberAccessMask) == MethodAttributes.Assembly)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(
                    Row(TableIndex.MethodDef, handle)[MethodFlagsOffset..], (ushort)((flags & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public));
            }
        }
    }
}
