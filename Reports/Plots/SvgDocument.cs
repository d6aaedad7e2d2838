using System.Globalization;
using System.Text;
using MLClassify.Evaluation;

namespace MLClassify.Reports;

/// <summary>Where a text's reference point lies.</summary>
internal enum TextAnchor
{
    Start,
    Middle,
    End,
}

/// <summary>
/// Writes one SVG 1.1 image with a white background of its own, so that it reads on dark pages too. Lengths are CSS pixels, the
/// origin is the top left. All text is escaped; numbers are culture-independent.
/// </summary>
internal sealed class SvgDocument
{
    private const string Fonts = "'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

    private readonly StringBuilder _text = new();

    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="title">What a screen reader says first.</param>
    /// <param name="description">The image's content in words.</param>
    public SvgDocument(double width, double height, string title, string description)
    {
        Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0.##}\" height=\"{height:0.##}\" ");
        Append($"viewBox=\"0 0 {width:0.##} {height:0.##}\" role=\"img\" aria-labelledby=\"title description\" ");
        Append($"font-family=\"{Fonts}\">\n");
        Append($"<title id=\"title\">{Escape(title)}</title>\n<desc id=\"description\">{Escape(description)}</desc>\n");
        Rectangle(0, 0, width, height, PlotColor.White);
    }

    public void Rectangle(double x, double y, double width, double height, PlotColor fill, string? tip = null)
    {
        Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"{fill}\"");
        Close("rect", tip);
    }

    public void Frame(double x, double y, double width, double height, PlotColor stroke) => Append(
        $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"none\" stroke=\"{stroke}\"/>\n");

    public void Line(double x1, double y1, double x2, double y2, PlotColor stroke, double width = 1, string? dashes = null)
    {
        Append($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{stroke}\" stroke-width=\"{width:0.##}\"");
        AppendDashes(dashes);
        _text.Append("/>\n");
    }

    /// <summary>A rectangle that cannot be seen; pointing at it shows the tip.</summary>
    public void Sensor(double x, double y, double width, double height, string tip)
    {
        Append($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" fill=\"none\" pointer-events=\"all\"");
        Close("rect", tip);
    }

    public void Polyline(IEnumerable<(double X, double Y)> points, PlotColor stroke, double width, string? dashes = null, string? tip = null)
    {
        _text.Append("<polyline points=\"");
        _text.AppendJoin(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
        Append($"\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width:0.##}\" stroke-linejoin=\"round\" stroke-linecap=\"round\"");
        AppendDashes(dashes);
        Close("polyline", tip);
    }

    public void Circle(double x, double y, double radius, PlotColor fill, PlotColor stroke, string? tip = null)
    {
        Append($"<circle cx=\"{x:0.##}\" cy=\"{y:0.##}\" r=\"{radius:0.##}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.5\"");
        Close("circle", tip);
    }

    /// <summary>Text on a baseline at <paramref name="y"/>, turned about its reference point by <paramref name="rotation"/> degrees clockwise.</summary>
    public void Text(
        double x,
        double y,
        string text,
        double size,
        PlotColor fill,
        TextAnchor anchor = TextAnchor.Start,
        bool isBold = false,
        double rotation = 0,
        string? tip = null)
    {
        Append($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\" fill=\"{fill}\"");
        if (anchor != TextAnchor.Start)
        {
            Append($" text-anchor=\"{(anchor == TextAnchor.Middle ? "middle" : "end")}\"");
        }

        if (isBold)
        {
            _text.Append(" font-weight=\"600\"");
        }

        if (rotation != 0)
        {
            Append($" transform=\"rotate({rotation:0.##} {x:0.##} {y:0.##})\"");
        }

        _text.Append('>');
        AppendTip(tip);
        _text.Append(Escape(text)).Append("</text>\n");
    }

    public override string ToString() => _text.ToString() + "</svg>\n";

    /// <summary>The text without what XML forbids (replaced by U+FFFD) and with its special characters as entities.</summary>
    internal static string Escape(string text) => DisplayText.Clean(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);

    private void Close(string element, string? tip)
    {
        if (tip is null)
        {
            _text.Append("/>\n");
            return;
        }

        _text.Append('>');
        AppendTip(tip);
        Append($"</{element}>\n");
    }

    private void AppendTip(string? tip)
    {
        if (tip is not null)
        {
            _text.Append("<title>").Append(Escape(tip)).Append("</title>");
        }
    }

    private void AppendDashes(string? dashes)
    {
        if (dashes is not null)
        {
            Append($" stroke-dasharray=\"{dashes}\"");
        }
    }

    private void Append(FormattableString part) => _text.Append(part.ToString(CultureInfo.InvariantCulture));
}
