using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MLClassify.Architecture.Tests.Documentation;

/// <summary>Compiles a page's C# as what a user would make of it: a program with .NET's implicit usings.</summary>
internal static partial class SnippetCompiler
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

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).Contains("Test", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a block.</summary>
    /// <param name="block">The block.</param>
    /// <returns>The errors, each with its place in the page.</returns>
    public static IReadOnlyList<string> Errors(MarkdownBlock block)
    {
        string context = block.Context;
        string[] usings = [.. UsingDirective().Matches(context).Concat(UsingDirective().Matches(block.Text)).Select(match => match.Value.Trim())];
        string before = $"{string.Join('\n', usings)}\n{UsingDirective().Replace(context, "")}\n";
        int lines = before.Count(c => c == '\n');
        string program = before + UsingDirective().Replace(block.Text, match => new string('\n', match.Value.Count(c => c == '\n')));
        var compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(program, Language), CSharpSyntaxTree.ParseText(ImplicitUsings, Language)],
            References,
            new CSharpCompilationOptions(HasStatements(program) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return
        [
            .. compilation.GetDiagnostics()
                .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => $"{block.Page}:{block.Line + diagnostic.Location.GetLineSpan().StartLinePosition.Line - lines}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"),
        ];
    }

    /// <summary>The using directives of a text, each on its line.</summary>
    public static string Directives(string text) => string.Concat(UsingDirective().Matches(text).Select(match => match.Value.TrimEnd() + "\n"));

    private static bool HasStatements(string program) =>
        CSharpSyntaxTree.ParseText(program, Language).GetCompilationUnitRoot().Members.Any(member => member.IsKind(SyntaxKind.GlobalStatement));

    /// <summary>A directive, which must stand before statements; not a statement such as <c>using var x = ...</c>.</summary>
    [GeneratedRegex(@"^[ \t]*using (static )?[\w.]+;[ \t]*(\n|$)", RegexOptions.Multiline)]
    private static partial Regex UsingDirective();
}
