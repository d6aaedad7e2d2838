using System.Globalization;
using MLClassify.AspNetCore.Tests.Support;
using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.AspNetCore.Tests.Page;

/// <summary>The page in a real browser: choosing, dropping and pasting photos, what it shows, and what its policy forbids.</summary>
[Collection(ModelCollection.Name)]
public sealed class ClassifierPageBrowserTests(ModelFixture model)
{
    private const string Hostile = "<script>document.title='x'</script><img src=x onerror=alert(1)>";

    private const string Labels = "[...document.querySelectorAll('#results > li:first-child .classes bdi')].map(e => e.textContent).join('|')";

    [ChromiumFact]
    public async Task Page_PhotoChosen_ShowsClassesWithBars()
    {
        await using Server server = await Server.StartAsync(model);
        using Chromium browser = await Chromium.StartAsync();
        await browser.OpenAsync(server.Address.ToString());

        await browser.ChooseFilesAsync("#file", model.Files[0], model.Files[9]);
        await browser.WaitForAsync("document.querySelectorAll('.classes').length === 2");

        Assert.Empty(browser.Complaints);
        float[] expected = model.Expected(model.Image(9));
        Assert.StartsWith("green|", await browser.EvaluateAsync<string>(Labels), StringComparison.Ordinal);
        Assert.Equal(Percent(expected[0]), await browser.EvaluateAsync<string>("document.querySelector('#results > li:first-child .percent').textContent"));
        await browser.WaitForAsync("document.querySelector('#results > li:first-child .bar span').style.width !== '0px'");
        double width = double.Parse((await browser.EvaluateAsync<string>("document.querySelector('#results > li:first-child .bar span').style.width")).TrimEnd('%'), CultureInfo.InvariantCulture);
        Assert.Equal(100 * expected[0], width, tolerance: 0.01);
        Assert.True(await browser.EvaluateAsync<bool>("document.querySelector('#results img').naturalWidth > 0"));
        Assert.Contains(", ", await browser.EvaluateAsync<string>("document.getElementById('status').textContent"));
    }

    [ChromiumFact]
    public async Task Page_HostileClassAndFileNames_ShowAsTextAndRunNothing()
    {
        using ImageClassifier hostile = model.WithLabels(Hostile, "green", "\u202Egnp.exe");
        await using Server server = await Server.StartAsync(model, classifier: hostile);
        using Chromium browser = await Chromium.StartAsync();
        await browser.OpenAsync(server.Address.ToString());

        await DropAsync(browser, model.Image(), "<b>bold</b>.png");
        await browser.WaitForAsync("document.querySelector('.classes') !== null");

        Assert.Empty(browser.Complaints);
        Assert.Equal("Image classifier", await browser.EvaluateAsync<string>("document.title"));
        Assert.StartsWith(Hostile + "|", await browser.EvaluateAsync<string>(Labels), StringComparison.Ordinal);
        Assert.Equal(1, await browser.EvaluateAsync<int>("document.scripts.length"));
        Assert.Equal(0, await browser.EvaluateAsync<int>("document.querySelectorAll('b, [onerror]').length"));
        Assert.Equal("<b>bold</b>.png", await browser.EvaluateAsync<string>("document.querySelector('.file').textContent"));

        // A script that got in after all would not run: only the page's own is allowed.
        Assert.Equal("Image classifier", await browser.EvaluateAsync<string>(
            "(() => { const s = document.createElement('script'); try { s.textContent = 'document.title = 1'; document.body.append(s); } catch { } return document.title; })()"));
    }

    [ChromiumFact]
    public async Task Page_PhotoPastedOrDroppedOrBad_IsAnswered()
    {
        await using Server server = await Server.StartAsync(model);
        using Chromium browser = await Chromium.StartAsync();
        await browser.OpenAsync(server.Address.ToString());

        await SendAsync(browser, "paste", model.Image(9), "");
        await browser.WaitForAsync("document.querySelectorAll('.classes').length === 1");
        Assert.Equal("pasted image", await browser.EvaluateAsync<string>("document.querySelector('.file').textContent"));

        await DropAsync(browser, "no image"u8.ToArray(), "note.png");
        await browser.WaitForAsync("document.querySelector('.error') !== null");
        Assert.Contains("no known image format", await browser.EvaluateAsync<string>("document.querySelector('.error').textContent"));
        Assert.Contains("note.png: ", await browser.EvaluateAsync<string>("document.getElementById('status').textContent"));
    }

    [ChromiumFact]
    public async Task Page_FormatThatOnlyTheBrowserKnows_IsConverted()
    {
        await using Server server = await Server.StartAsync(model);
        using Chromium browser = await Chromium.StartAsync();
        await browser.OpenAsync(server.Address.ToString());

        await browser.EvaluateAsync<bool>("""
            (() => {
              const canvas = document.createElement('canvas');
              canvas.width = canvas.height = 48;
              const context = canvas.getContext('2d');
              context.fillStyle = 'rgb(40, 60, 200)';
              context.fillRect(0, 0, 48, 48);
              canvas.toBlob(blob => {
                const transfer = new DataTransfer();
                transfer.items.add(new File([blob], 'blue.webp', { type: 'image/webp' }));
                document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
              }, 'image/webp');
              return true;
            })()
            """);
        await browser.WaitForAsync("document.querySelector('.classes, .error') !== null");

        Assert.StartsWith("blue|", await browser.EvaluateAsync<string>(Labels), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Page_Keyboard_ReachesTheChoiceAndShowsIt()
    {
        await using Server server = await Server.StartAsync(model);
        using Chromium browser = await Chromium.StartAsync();
        await browser.OpenAsync(server.Address.ToString());

        await browser.PressAsync("Tab");

        Assert.Equal("file", await browser.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal("Choose photos", await browser.EvaluateAsync<string>("document.activeElement.labels[0].textContent"));
        Assert.Equal("solid", await browser.EvaluateAsync<string>("getComputedStyle(document.querySelector('.drop label')).outlineStyle"));
    }

    [ChromiumFact]
    public async Task Page_NarrowWideAndDark_Fits()
    {
        using ImageClassifier named = model.WithLabels("a_class_with_a_name_that_never_ends_and_has_no_space_to_break_it_anywhere", "green", Hostile);
        await using Server server = await Server.StartAsync(model, classifier: named);
        using Chromium browser = await Chromium.StartAsync();
        string wide = model.Path + ".wide.png";
        ImageEncoder.Save(wide, new Image(900, 60));
        var backgrounds = new List<string>();
        foreach ((int width, bool isDark) in new[] { (320, false), (1280, false), (1280, true) })
        {
            await browser.OpenAsync(server.Address.ToString(), width, isDark);
            await browser.ChooseFilesAsync("#file", wide, model.Files[0], model.Path);
            await browser.WaitForAsync("document.querySelectorAll('.classes').length === 2 && document.querySelector('.error') !== null");
            Assert.InRange(await browser.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
            backgrounds.Add(await browser.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        }

        Assert.Equal(backgrounds[0], backgrounds[1]);
        Assert.NotEqual(backgrounds[1], backgrounds[2]);
    }

    private static string Percent(float score) => (100 * (double)score).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static Task<bool> DropAsync(Chromium browser, byte[] bytes, string name) => SendAsync(browser, "drop", bytes, name);

    // An empty name is what an image from the clipboard may have.
    private static Task<bool> SendAsync(Chromium browser, string kind, byte[] bytes, string name) => browser.EvaluateAsync<bool>($$"""
        (() => {
          const bytes = Uint8Array.from(atob('{{Convert.ToBase64String(bytes)}}'), c => c.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], '{{name}}', { type: 'image/png' }));
          const options = { bubbles: true, cancelable: true };
          document.dispatchEvent('{{kind}}' === 'paste'
            ? new ClipboardEvent('paste', { clipboardData: transfer, ...options })
            : new DragEvent('drop', { dataTransfer: transfer, ...options }));
          return true;
        })()
        """);
}
