using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using MLClassify.Hosting;

namespace MLClassify.AspNetCore.Page;

/// <summary>The page to try a classifier on: one document with style and script inside, which a content security policy names by their hashes.</summary>
internal static class ClassifierPage
{
    private const int MostNamed = 12;

    private static readonly string Style = Load("page.css");
    private static readonly string Script = Load("page.js");

    private static readonly string Policy =
        $"default-src 'none'; script-src '{Hash(Script)}'; style-src '{Hash(Style)}'; img-src blob: data:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static Task WriteAsync(HttpContext context, string predictPath, PredictionService service)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-cache";
        return response.WriteAsync(Create(service.Classifier.Labels, context.Request.PathBase.Add(predictPath).ToUriComponent()), context.RequestAborted);
    }

    /// <summary>Writes the page.</summary>
    /// <param name="labels">The classes' names, which anybody may have chosen.</param>
    /// <param name="predict">The address that classifies, as it stands in an address bar.</param>
    public static string Create(IReadOnlyList<string> labels, string predict) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>Image classifier</title>
        <style>{{Style}}</style>
        </head>
        <body data-predict="{{Encode(predict)}}">
        <header>
        <h1>Image classifier</h1>
        <p class="subtitle">{{Classes(labels)}}</p>
        </header>
        <main>
        <div class="drop" id="drop">
        <input type="file" id="file" accept="image/jpeg,image/png,image/bmp,image/gif" multiple aria-describedby="hint">
        <label for="file">Choose photos</label>
        <p id="hint">or drop them anywhere on this page, or paste one. JPEG, PNG, BMP or GIF.</p>
        </div>
        <noscript><p class="error">This page needs JavaScript. Without it, send a photo by <code>curl -F file=@photo.jpg</code> and this server's address followed by <code>{{Encode(predict)}}</code>.</p></noscript>
        <p id="status" class="hidden" role="status"></p>
        <ol id="results" aria-label="Results, the latest first"></ol>
        </main>
        <script>{{Script}}</script>
        </body>
        </html>

        """;

    private static string Classes(IReadOnlyList<string> labels)
    {
        string count = labels.Count == 1 ? "Knows one class: " : string.Create(CultureInfo.InvariantCulture, $"Tells {labels.Count} classes apart: ");
        string names = string.Join(", ", labels.Take(MostNamed).Select(label => $"<bdi>{Encode(label)}</bdi>"));
        int others = labels.Count - MostNamed;
        return count + names + (others > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {others} more.") : ".");
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static string Hash(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";

    private static string Load(string name)
    {
        using Stream stream = typeof(ClassifierPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        // A browser hashes what it parsed, in which line ends are line feeds.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
