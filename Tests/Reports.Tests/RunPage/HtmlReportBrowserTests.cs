using MLClassify.Evaluation;
using MLClassify.Reports.Tests.Support;

namespace MLClassify.Reports.Tests.RunPage;

/// <summary>The pages in a real browser: they are right only if one agrees.</summary>
[Collection(BrowserTests.Name)]
public sealed class HtmlReportBrowserTests(BrowserFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Page_HostileNames_RunNothingAndShowAsText()
    {
        HtmlReport.Write(_folder["report.html"], SampleReports.Hostile());
        Chromium browser = await fixture.StartAsync();
        await browser.OpenAsync(_folder["report.html"]);

        Assert.Empty(browser.Complaints);
        Assert.Equal("run <b>&", await browser.EvaluateAsync<string>("document.title"));
        Assert.Equal(1, await browser.EvaluateAsync<int>("document.scripts.length"));
        Assert.Equal(0, await browser.EvaluateAsync<int>("document.querySelectorAll('b, i, img:not(.thumb), [onmouseover], [onfocus], [onload], [onerror]').length"));
        string names = await browser.EvaluateAsync<string>("[...document.querySelectorAll('#class-table tbody th')].map(e => e.textContent).join('|')");
        Assert.StartsWith("<script>alert(1)</script>|=cmd|' /C calc'!A0|", names, StringComparison.Ordinal);

        // A script that got in after all would not run: only the page's own is allowed.
        string added = await browser.EvaluateAsync<string>("(() => { const s = document.createElement('script'); s.textContent = 'document.title = 1'; document.body.append(s); return document.title; })()");
        Assert.Equal("run <b>&", added);
    }

    [ChromiumFact]
    public async Task Page_NarrowWideAndDark_FitsAndCanBeRead()
    {
        HtmlReport.Write(_folder["report.html"], SampleReports.Hostile());
        Chromium browser = await fixture.StartAsync();
        var backgrounds = new List<string>();
        foreach ((int width, bool isDark) in new[] { (320, false), (1280, false), (1280, true) })
        {
            await browser.OpenAsync(_folder["report.html"], width, isDark);
            Assert.Empty(browser.Complaints);
            Assert.InRange(await browser.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
            backgrounds.Add(await browser.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
            Assert.Equal("", await browser.EvaluateAsync<string>(ContrastScript));
        }

        Assert.Equal(backgrounds[0], backgrounds[1]);
        Assert.NotEqual(backgrounds[1], backgrounds[2]);
    }

    [ChromiumFact]
    public async Task Page_SortingTipsAndKeys_Work()
    {
        var accumulator = new EvaluationAccumulator(["beta", "alpha", "gamma"]);
        foreach ((int truth, int said, int times) in new[] { (0, 0, 4), (0, 1, 6), (1, 1, 10), (2, 2, 9), (2, 0, 1) })
        {
            float[] logits = [0, 0, 0];
            logits[said] = 3;
            for (int i = 0; i < times; i++)
            {
                accumulator.Add(truth, logits);
            }
        }

        HtmlReport.Write(_folder["report.html"], new ReportContent
        {
            Title = "sorting",
            Report = accumulator.ToResult(),
            Epochs = [.. Enumerable.Range(1, 5).Select(e => new EpochResult(e, 1, 1.0 / e, 0.1 * e, 1.5 / e, 0.1 * e, 0.1))],
            BestEpoch = 5,
        });
        Chromium browser = await fixture.StartAsync();
        await browser.OpenAsync(_folder["report.html"]);
        async Task<string> Column(string table) =>
            await browser.EvaluateAsync<string>($"[...document.querySelectorAll('{table} tbody th')].map(e => e.textContent).join(' ')");
        async Task<string> Row(int row) =>
            await browser.EvaluateAsync<string>($"[...document.querySelectorAll('#matrix tbody tr')[{row}].cells].map(e => e.querySelector('.n')?.textContent ?? e.textContent).join(' ')");

        Assert.Equal("beta alpha gamma", await Column("#class-table"));
        await browser.EvaluateAsync<bool>("(document.querySelector('#class-table thead th button').click(), true)");
        Assert.Equal("alpha beta gamma", await Column("#class-table"));
        await browser.EvaluateAsync<bool>("(document.querySelectorAll('#class-table thead th button')[1].click(), true)");
        Assert.Equal("alpha gamma beta", await Column("#class-table"));
        Assert.Equal("descending", await browser.EvaluateAsync<string>("document.querySelectorAll('#class-table thead th')[1].getAttribute('aria-sort')"));

        Assert.Equal("beta 4 6 0", await Row(0));
        await browser.EvaluateAsync<bool>("(() => { const s = document.querySelector('#matrix-order select'); s.value = 'by name'; s.dispatchEvent(new Event('change')); return true; })()");
        Assert.Equal("alpha 10 0 0", await Row(0));
        Assert.Equal("beta 6 4 0", await Row(1));

        await browser.EvaluateAsync<bool>("(document.getElementById('matrix-shares').click(), true)");
        Assert.Equal("60", await browser.EvaluateAsync<string>("document.querySelector('#matrix tbody tr:nth-child(2) td').innerText"));

        await browser.PointAtAsync("#matrix tbody tr:nth-child(2) td");
        Assert.Equal("beta taken for alpha: 6 of 10 (60.0 %)", await browser.EvaluateAsync<string>("document.querySelector('.tip').textContent"));

        await browser.EvaluateAsync<bool>("(document.getElementById('loss-chart').focus(), true)");
        await browser.PressAsync("ArrowRight");
        await browser.PressAsync("ArrowRight");
        Assert.Equal("epoch 2: training 0.5, validation 0.75", await browser.EvaluateAsync<string>("document.querySelector('.tip').textContent"));
        Assert.Empty(browser.Complaints);
    }

    // WCAG 2.1: 4.5:1 for every element with text of its own; bars and translucent backgrounds are taken at their strongest.
    private const string ContrastScript = """
        (() => {
          const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
          const linear = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
          const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
          const background = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
          const bad = [];
          for (const e of document.querySelectorAll('body *')) {
            if (e instanceof SVGElement || !e.checkVisibility() || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
            const [a, b] = [light(parse(getComputedStyle(e).color)), light(background(e))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) bad.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
          }
          return [...new Set(bad)].join('; ');
        })()
        """;
}
