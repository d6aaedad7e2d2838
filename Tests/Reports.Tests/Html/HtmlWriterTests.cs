using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests.Html;

public sealed class HtmlWriterTests
{
    [Fact]
    public void Element_TextAndAttributes_AreEncoded()
    {
        var html = new HtmlWriter();
        html.Element("span", "<a & 'b'>", ("title", "\"x\" <y>"), ("hidden", ""), ("class", null));

        Assert.Equal("<span title=\"&quot;x&quot; &lt;y&gt;\" hidden>&lt;a &amp; &#39;b&#39;&gt;</span>", html.ToString());
    }

    [Fact]
    public void Element_AnyText_HoldsNothingThatMarksUp() => Property.Holds(Generators.NastyText, text =>
    {
        var html = new HtmlWriter();
        html.Element("p", text, ("title", "x" + text));

        string written = html.ToString();
        string inner = written["<p title=\"".Length..^"</p>\n".Length];

        Assert.Single(inner.Split("\">").Skip(1));
        Assert.DoesNotContain(inner, c => c is '<' or '\'' or '\n' or '\r' or '\t' or '\0' or '\u202E' or '\u2028');
    });

    [Fact]
    public void Name_LongName_IsShortenedAndKeptInItsTitle()
    {
        var html = new HtmlWriter();
        html.Name(new string('n', 200), 10);

        Assert.Equal($"<bdi title=\"{new string('n', 200)}\">nnnnn…nnnn</bdi>", html.ToString());
    }

    [Fact]
    public void Close_OtherElement_Throws()
    {
        var html = new HtmlWriter();
        html.Open("p");

        Assert.Throws<InvalidOperationException>(() => html.Close("b"));
        Assert.Throws<InvalidOperationException>(html.ToString);
    }
}
