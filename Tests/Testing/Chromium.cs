using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace MLClassify.Testing;

/// <summary>
/// A headless Chromium with one page, driven by the Chrome DevTools Protocol over its own debugging port. What the page says to the console,
/// and every script that fails or is refused, is kept.
/// </summary>
public sealed class Chromium : IDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly string? Program = Programs.Find(Names);

    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _pending = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private TaskCompletionSource _loaded = new();
    private int _id;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>Why there is none, or null.</summary>
    public static string? Problem => Program is null ? $"needs {string.Join(" or ", Names)} on the PATH" : null;

    /// <summary>What the console, the page's scripts and its security policy had to say.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Starts a browser with an empty page.</summary>
    public static async Task<Chromium> StartAsync()
    {
        string profile = Directory.CreateTempSubdirectory("mlclassify-chromium-").FullName;
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var browser = new Chromium(process, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            browser.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file, or a web address, and waits until it is loaded.</summary>
    /// <param name="file">The file's path, or the address.</param>
    /// <param name="width">The window's width in pixels; below 600 the browser is that of a phone.</param>
    /// <param name="isDark">Whether the user prefers dark pages.</param>
    public async Task OpenAsync(string file, int width = 1280, bool isDark = false)
    {
        _complaints.Clear();
        await CallAsync("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = width < 600 });
        var scheme = new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" };
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(scheme) });
        _loaded = new TaskCompletionSource();
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await _loaded.Task.OrHang();
    }

    /// <summary>Evaluates an expression in the page.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="expression">JavaScript.</param>
    public async Task<T> EvaluateAsync<T>(string expression)
    {
        JsonNode answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"].Deserialize<T>()!;
    }

    /// <summary>Waits until an expression is true in the page.</summary>
    /// <param name="expression">JavaScript.</param>
    public Task WaitForAsync(string expression) => Waiting.UntilAsync(() => EvaluateAsync<bool>(expression));

    /// <summary>Chooses files in the file input that a selector finds.</summary>
    /// <param name="selector">A CSS selector.</param>
    /// <param name="files">The files' paths.</param>
    public async Task ChooseFilesAsync(string selector, params string[] files)
    {
        JsonNode document = await CallAsync("DOM.getDocument", []);
        JsonNode node = await CallAsync("DOM.querySelector", new JsonObject { ["nodeId"] = (int)document["root"]!["nodeId"]!, ["selector"] = selector });
        var names = new JsonArray([.. files.Select(file => JsonValue.Create(file))]);
        await CallAsync("DOM.setFileInputFiles", new JsonObject { ["nodeId"] = (int)node["nodeId"]!, ["files"] = names });
    }

    /// <summary>Writes what the page looks like, all of its height, as PNG.</summary>
    /// <param name="file">The file's path.</param>
    public async Task ScreenshotAsync(string file)
    {
        JsonNode answer = await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["captureBeyondViewport"] = true });
        await File.WriteAllBytesAsync(file, Convert.FromBase64String((string)answer["data"]!));
    }

    /// <summary>Presses a key.</summary>
    /// <param name="key">The key's name, such as <c>ArrowRight</c>.</param>
    public async Task PressAsync(string key)
    {
        foreach (string type in new[] { "rawKeyDown", "keyUp" })
        {
            await CallAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key });
        }
    }

    /// <summary>Moves the pointer to the middle of the first element that a selector finds.</summary>
    /// <param name="selector">A CSS selector.</param>
    public async Task PointAtAsync(string selector)
    {
        string find = $"(() => {{ const e = document.querySelector({JsonSerializer.Serialize(selector)}); e.scrollIntoView({{ block: 'center' }}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()";
        double[] place = await EvaluateAsync<double[]>(find);
        await CallAsync("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = place[0], ["y"] = place[1] });
    }

    /// <summary>Ends the browser.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.WaitForExit(Waiting.Limit);
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A helper process may still write there; it is a temporary folder.
        }
    }

    private async Task ConnectAsync()
    {
        int port = await PortAsync().OrHang();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Waiting.Limit };
        JsonNode pages = JsonNode.Parse(await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list")))!;
        string address = (string)pages.AsArray().First(page => (string?)page!["type"] == "page")!["webSocketDebuggerUrl"]!;
        _socket.Options.Proxy = null;
        await _socket.ConnectAsync(new Uri(address), CancellationToken.None).OrHang();
        _ = Task.Run(ReceiveAsync);
        foreach (string domain in new[] { "Page", "Runtime", "Log" })
        {
            await CallAsync(domain + ".enable", []);
        }
    }

    private async Task<int> PortAsync()
    {
        _ = _process.StandardOutput.ReadToEndAsync();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("DevTools listening on ", StringComparison.Ordinal))
            {
                _ = _process.StandardError.ReadToEndAsync();
                return new Uri(line["DevTools listening on ".Length..]).Port;
            }
        }

        throw new InvalidOperationException("Chromium ended before it listened");
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        int id = Interlocked.Increment(ref _id);
        var source = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        _pending[id] = source;
        byte[] message = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters });
        await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await source.Task.OrHang();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (_socket.State == WebSocketState.Open)
            {
                WebSocketReceiveResult part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Handle(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            // The browser is gone: whoever still waits is told by the time limit.
        }
    }

    private void Handle(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (_pending.TryRemove((int)id, out TaskCompletionSource<JsonNode>? source))
            {
                source.SetResult(message["result"] ?? message["error"]!);
            }

            return;
        }

        switch ((string?)message["method"])
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded" or "Page.javascriptDialogOpening":
                _complaints.Enqueue(message.ToJsonString());
                break;
        }
    }
}
