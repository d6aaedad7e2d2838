namespace MLClassify.Reports;

/// <summary>
/// The frame of a self-contained page: head, sections, script. Its content security policy lets it load nothing from anywhere, and run no
/// script but its own.
/// </summary>
internal static class HtmlPage
{
    /// <summary>Writes a page.</summary>
    /// <param name="title">The window's title.</param>
    /// <param name="body">Writes what the body holds.</param>
    public static string Create(string title, Action<HtmlWriter> body)
    {
        var html = new HtmlWriter();
        html.Trusted("<!DOCTYPE html>\n");
        html.Open("html", ("lang", "en"));
        html.Line();
        html.Open("head");
        html.Line();
        html.Void("meta", ("charset", "utf-8"));
        html.Line();
        string policy = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '{HtmlAssets.ScriptHash}'; base-uri 'none'; form-action 'none'";
        html.Trusted($"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n");
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Void("meta", ("name", "generator"), ("content", "mlclassify"));
        html.Line();
        html.Element("title", title);
        html.Line();
        html.Open("style");
        html.Trusted(HtmlAssets.Style);
        html.Close("style");
        html.Close("head");
        html.Open("body");
        html.Line();
        body(html);
        html.Open("script");
        html.Trusted(HtmlAssets.Script);
        html.Close("script");
        html.Close("body");
        html.Close("html");
        return html.ToString();
    }

    /// <summary>A section with its heading, which the table of contents can point to.</summary>
    public static void Section(HtmlWriter html, string id, string heading, Action content)
    {
        html.Open("section", ("id", id), ("aria-labelledby", id + "-heading"));
        html.Line();
        html.Element("h2", heading, ("id", id + "-heading"));
        content();
        html.Close("section");
    }

    /// <summary>A region that scrolls sideways where the window is narrow; the keyboard reaches it.</summary>
    public static void Scrolling(HtmlWriter html, string label, Action content, string? name = null)
    {
        html.Open("div", ("class", name is null ? "scroll" : "scroll " + name), ("role", "region"), ("tabindex", "0"), ("aria-label", label));
        html.Line();
        content();
        html.Close("div");
    }

    /// <summary>A list of names and values.</summary>
    public static void Facts(HtmlWriter html, IEnumerable<(string Name, string Value)> facts)
    {
        html.Open("dl", ("class", "facts"));
        html.Line();
        foreach ((string name, string value) in facts)
        {
            html.Open("div");
            html.Element("dt", name);
            html.Open("dd");
            html.Element("bdi", value);
            html.Close("dd");
            html.Close("div");
        }

        html.Close("dl");
    }
}
