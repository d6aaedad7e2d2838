using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MLClassify.Architecture.Tests.Folders;

/// <summary>A folder whose file uses a type that a file of another folder declares.</summary>
/// <param name="From">The folder of the file that uses the type; empty for the project's own folder.</param>
/// <param name="To">The folder of the file that declares it.</param>
/// <param name="Example">One such use: <c>File.cs uses Type</c>.</param>
internal sealed record FolderUse(string From, string To, string Example);

/// <summary>Which folders of a project use which, as the compiler sees it: types by name, members, extension methods.</summary>
internal static class FolderGraph
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    private static readonly Dictionary<string, MetadataReference> Assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .DistinctBy(Path.GetFileNameWithoutExtension)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), MetadataReference (path) => MetadataReference.CreateFromFile(path), StringComparer.Ordinal);

    /// <summary>The uses between the folders of a project, one for each pair of folders, in order.</summary>
    /// <param name="name">The project's assembly.</param>
    /// <param name="sources">Its files: the path below the project's folder, with forward slashes, and the text.</param>
    public static IReadOnlyList<FolderUse> Of(string name, IEnumerable<(string Path, string Text)> sources) =>
    [
        .. All(name, sources)
            .GroupBy(use => (use.From, use.To))
            .Select(group => group.MinBy(use => use.Example, StringComparer.Ordinal)!)
            .OrderBy(use => use.From, StringComparer.Ordinal)
            .ThenBy(use => use.To, StringComparer.Ordinal),
    ];

    /// <summary>Every use between the folders of a project.</summary>
    /// <param name="name">The project's assembly.</param>
    /// <param name="sources">Its files: the path below the project's folder, with forward slashes, and the text.</param>
    public static IEnumerable<FolderUse> All(string name, IEnumerable<(string Path, string Text)> sources)
    {
        ImmutableArray<SyntaxTree> trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, Language, source.Path))];
        var compilation = CSharpCompilation.Create(
            name,
            [.. trees, CSharpSyntaxTree.ParseText(ImplicitUsings, Language)],
            Assemblies.Where(assembly => assembly.Key != name).Select(assembly => assembly.Value),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        return trees.SelectMany(tree => Uses(compilation, tree));
    }

    /// <summary>The uses that lie on a cycle: their target leads back to where they start.</summary>
    public static IReadOnlyList<FolderUse> Cycles(IReadOnlyList<FolderUse> uses)
    {
        ILookup<string, string> next = uses.ToLookup(use => use.From, use => use.To);
        return [.. uses.Where(use => Leads(use.To, use.From))];

        bool Leads(string from, string to)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { from };
            var open = new Stack<string>(seen);
            while (open.TryPop(out string? folder))
            {
                if (folder == to)
                {
                    return true;
                }

                foreach (string other in next[folder].Where(seen.Add))
                {
                    open.Push(other);
                }
            }

            return false;
        }
    }

    private static IEnumerable<FolderUse> Uses(CSharpCompilation compilation, SyntaxTree tree)
    {
        SemanticModel model = compilation.GetSemanticModel(tree);
        string folder = Folder(tree.FilePath);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            // What a project's generators write is missing here, so some calls stay undecided: any candidate will do.
            SymbolInfo info = model.GetSymbolInfo(name);
            if (Declared(info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } declared && FolderOf(declared, folder) is { } other && other != folder)
            {
                yield return new FolderUse(folder, other, $"{tree.FilePath} uses {declared.Name}");
            }
        }
    }

    /// <summary>A type, or a member of one; null for namespaces and local names.</summary>
    private static ISymbol? Declared(ISymbol? symbol) => symbol switch
    {
        IMethodSymbol { ReducedFrom: { } extension } => extension.OriginalDefinition,
        IMethodSymbol { MethodKind: MethodKind.LocalFunction } => null,
        INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.OriginalDefinition,
        _ => null,
    };

    /// <summary>Where a symbol is declared; for a partial type with files in several folders, where the file that bears its name is.</summary>
    private static string? FolderOf(ISymbol symbol, string own)
    {
        string[] files = [.. symbol.DeclaringSyntaxReferences.Select(reference => reference.SyntaxTree.FilePath)];
        return files.Length == 0 ? symbol.IsImplicitlyDeclared && symbol.ContainingType is { } type ? FolderOf(type, own) : null
            : Array.Exists(files, file => Folder(file) == own) ? own
            : Folder(Array.Find(files, file => Path.GetFileName(file) == symbol.Name + ".cs") ?? files[0]);
    }

    private static string Folder(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];
}
