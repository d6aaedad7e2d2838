using MLClassify.Common;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>
/// Pretrained weights on this machine: published files under their own names, which carry the beginning of their SHA-256, and imported
/// ones as <c>NETWORK-HASH.EXTENSION</c>. Safe for several threads and processes.
/// </summary>
public sealed class WeightsCache : IDisposable
{
    private readonly Lazy<Downloader> _downloader;
    private readonly Lazy<string> _folder;

    /// <summary>Makes a cache; nothing is touched before it is used.</summary>
    /// <param name="options">Where files are kept and come from; what the environment says when null.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public WeightsCache(WeightsCacheOptions? options = null)
    {
        Options = options ?? WeightsCacheOptions.FromEnvironment();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Options.ProbeTimeout, TimeSpan.Zero, nameof(options));
        _downloader = new Lazy<Downloader>(() => new Downloader(Options.Download));
        _folder = new Lazy<string>(() => Path.GetFullPath(Options.Folder ?? WeightsCacheOptions.DefaultFolder()));
    }

    /// <summary>Where files are kept and come from.</summary>
    public WeightsCacheOptions Options { get; }

    /// <summary>The folder of the files; it need not exist.</summary>
    /// <exception cref="IOException">The user has no folder for application data.</exception>
    public string Folder => _folder.Value;

    /// <summary>Closes connections that are kept open.</summary>
    public void Dispose()
    {
        if (_downloader.IsValueCreated)
        {
            _downloader.Value.Dispose();
        }
    }

    /// <summary>Where a published file belongs.</summary>
    /// <param name="weights">The published file.</param>
    public string PathOf(PublishedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return FileNames.Combine(Folder, weights.FileName);
    }

    /// <summary>Where a published file is fetched from.</summary>
    /// <param name="weights">The published file.</param>
    public Uri AddressOf(PublishedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return Options.Mirror is { } mirror ? new Uri(mirror, weights.FileName) : weights.Address;
    }

    /// <summary>Whether a published file is here; its content is checked when it is used.</summary>
    /// <param name="weights">The published file.</param>
    public bool Contains(PublishedWeights weights) => File.Exists(PathOf(weights));

    /// <summary>The paths of files that were imported for a network, by name.</summary>
    /// <param name="network">The network's name in the registry.</param>
    public IReadOnlyList<string> Imported(string network)
    {
        ArgumentNullException.ThrowIfNull(network);
        HashSet<string> published = Options.Table.Rows.Select(r => r.FileName).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return !Directory.Exists(Folder)
            ? []
            : [.. Directory.EnumerateFiles(Folder).Where(f => !published.Contains(Path.GetFileName(f)) && IsImported(f, network)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Makes sure that a published file is here and right; fetches it where it is not.</summary>
    /// <param name="weights">The published file.</param>
    /// <param name="force">Whether a file that is here is fetched again.</param>
    /// <param name="progress">Receives the download's progress, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work; what was received is kept.</param>
    /// <exception cref="WeightsUnavailableException">The file is not here and cannot be fetched.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public async Task<DownloadResult> EnsureAsync(
        PublishedWeights weights, bool force = false, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        string path = PathOf(weights);
        if (Options.IsOffline)
        {
            return await FindOfflineAsync(weights, path, cancellationToken).ConfigureAwait(false);
        }

        var request = new DownloadRequest
        {
            Address = AddressOf(weights),
            Path = path,
            Sha256 = weights.Sha256,
            MaximumBytes = weights.MaximumBytes,
            Force = force,
        };
        try
        {
            return await _downloader.Value.FetchAsync(request, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            throw new WeightsUnavailableException(weights, path, Options.Mirror is null ? e.Reason : Plain(e.Message), e);
        }
    }

    /// <summary>
    /// Copies a weight file that was obtained by other means into the cache: a published one, which its hash tells, under its own name; any
    /// other for the network that is named, if it fits that network (its head may be another).
    /// </summary>
    /// <param name="file">The file; not changed.</param>
    /// <param name="network">The network's name in the registry; not needed for a published file.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">The network is unknown, or is needed, or the file is published for another.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged or does not fit the network.</exception>
    /// <exception cref="IOException">The file cannot be read, or not be copied.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or not be copied.</exception>
    public Task<ImportedWeights> ImportAsync(string file, string? network = null, CancellationToken cancellationToken = default) =>
        WeightsImport.ImportAsync(this, file, network, cancellationToken);

    /// <summary>Asks quickly whether a published file could be fetched.</summary>
    /// <param name="weights">The published file.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    /// <exception cref="WeightsUnavailableException">It could not; the reason says why.</exception>
    internal async Task ProbeAsync(PublishedWeights weights, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (Options.IsOffline)
        {
            throw Offline(weights, PathOf(weights));
        }

        try
        {
            await _downloader.Value.ProbeAsync(AddressOf(weights), Options.ProbeTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (DownloadException e)
        {
            throw new WeightsUnavailableException(weights, PathOf(weights), Options.Mirror is null ? e.Reason : Plain(e.Message), e);
        }
    }

    private static string Plain(string message) => message.TrimEnd('.');

    private static WeightsUnavailableException Offline(PublishedWeights weights, string path) =>
        new(weights, path, $"nothing is fetched, because downloads are disabled by WeightsCacheOptions.IsOffline or {FetchSettings.OfflineVariable} says so") { IsOffline = true };

    private static async Task<DownloadResult> FindOfflineAsync(PublishedWeights weights, string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw Offline(weights, path);
        }

        string hash = await Sha256.OfFileAsync(path, cancellationToken).ConfigureAwait(false);
        return Sha256.Matches(hash, weights.Sha256)
            ? new DownloadResult(path, hash, IsNew: false)
            : throw new WeightsUnavailableException(
                weights, path, $"{path} is damaged or another file (expected SHA-256 {weights.Sha256}..., found {hash[..weights.Sha256.Length]}...)");
    }

    private static bool IsImported(string path, string network)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int dash = name.LastIndexOf('-');
        return dash > 0 && WeightsImport.Extensions.Contains(Path.GetExtension(path)) && Sha256.IsPrefix(name[(dash + 1)..])
            && name[..dash].Equals(network, StringComparison.OrdinalIgnoreCase);
    }
}
