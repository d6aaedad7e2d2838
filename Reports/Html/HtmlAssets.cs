using System.Security.Cryptography;
using System.Text;

namespace MLClassify.Reports;

/// <summary>The pages' own style sheet and script, which lie in this assembly.</summary>
internal static class HtmlAssets
{
    private static readonly Lazy<string> LoadedStyle = new(() => Load("page.css") + MatrixPalette.Style());
    private static readonly Lazy<string> LoadedScript = new(() => Load("page.js"));

    /// <summary>The style sheet.</summary>
    public static string Style => LoadedStyle.Value;

    /// <summary>The script; pages work without it.</summary>
    public static string Script => LoadedScript.Value;

    /// <summary>The script's hash as a content security policy names it, so that a browser runs this script and no other.</summary>
    public static string ScriptHash => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}";

    private static string Load(string name)
    {
        using Stream stream = typeof(HtmlAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        // A browser hashes what it parsed, in which line ends are line feeds.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
