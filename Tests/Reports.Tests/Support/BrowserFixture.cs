namespace MLClassify.Reports.Tests.Support;

/// <summary>One browser for all tests that need one; it starts with the first of them.</summary>
public sealed class BrowserFixture : IDisposable
{
    private Task<Chromium>? _browser;

    public void Dispose()
    {
        if (_browser is { IsCompletedSuccessfully: true })
        {
            _browser.Result.Dispose();
        }
    }

    internal Task<Chromium> StartAsync() => _browser ??= Chromium.StartAsync();
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
