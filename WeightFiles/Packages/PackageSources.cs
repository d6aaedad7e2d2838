namespace MLClassify.WeightFiles.Packages;

/// <summary>Asks quickly whether restoring a package can succeed: whether one of the user's sources is a folder that is here, or a server that answers.</summary>
internal static class PackageSources
{
    /// <summary>Asks.</summary>
    /// <param name="settings">The user's NuGet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">It cannot; the message says why.</exception>
    public static async Task ProbeAsync(NuGetSettings settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sources = await PackageRestore.SourcesAsync(settings, cancellationToken).ConfigureAwait(false);
        if (sources.Any(Directory.Exists))
        {
            return;
        }

        Uri[] servers = [.. sources.Select(s => Uri.TryCreate(s, UriKind.Absolute, out Uri? address) ? address : null).Where(a => a?.Scheme is "https" or "http").Select(a => a!)];
        using var client = new HttpClient { Timeout = settings.AnswerLimit };
        bool[] answers = await Task.WhenAll(servers.Select(s => AnswersAsync(client, s, cancellationToken))).ConfigureAwait(false);
        if (!answers.Contains(true))
        {
            throw new IOException(servers.Length == 0 ? "NuGet has no source of packages" : "no server of NuGet's sources answers");
        }
    }

    // Any answer is one: what a server asks for is between it and NuGet.
    private static async Task<bool> AnswersAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
