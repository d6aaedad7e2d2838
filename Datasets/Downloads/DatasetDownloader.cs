using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>A dataset's folder.</summary>
/// <param name="Folder">The folder, which <see cref="ImageFolder.Open"/> reads.</param>
/// <param name="IsNew">Whether it was made now; else it was there already.</param>
/// <param name="Classes">How many classes it has.</param>
/// <param name="TrainImages">Its images, or those of <c>train/</c> where it has parts.</param>
/// <param name="TestImages">The images of <c>test/</c>; 0 where it has no parts.</param>
/// <param name="Files">What was received.</param>
public sealed record DownloadedDataset(
    string Folder, bool IsNew, int Classes, int TrainImages, int TestImages, IReadOnlyList<ReceivedFile> Files);

/// <summary>
/// Downloads published datasets and turns them into image folders. A folder is complete or absent, whenever the process ends; a download
/// goes on where it was interrupted. Archives are untrusted even where their hash is right.
/// </summary>
public sealed class DatasetDownloader : IDisposable
{
    private readonly DatasetDownloaderOptions _options;
    private readonly Lazy<Downloader> _downloader;

    /// <summary>Makes a downloader; nothing is touched before it is used.</summary>
    /// <param name="options">Where files are kept and come from; what the environment says when null.</param>
    public DatasetDownloader(DatasetDownloaderOptions? options = null)
    {
        _options = options ?? DatasetDownloaderOptions.FromEnvironment();
        _downloader = new Lazy<Downloader>(() => new Downloader(_options.Download));
    }

    /// <summary>Closes connections that are kept open.</summary>
    public void Dispose()
    {
        if (_downloader.IsValueCreated)
        {
            _downloader.Value.Dispose();
        }
    }

    /// <summary>Where a dataset's files are kept.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <exception cref="IOException">The user has no folder for application data.</exception>
    public string FolderOf(DatasetDefinition dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return FileNames.Combine(Path.GetFullPath(_options.Folder ?? DatasetDownloaderOptions.DefaultFolder()), dataset.Name);
    }

    /// <summary>Makes sure that a dataset's folder is there.</summary>
    /// <param name="dataset">The dataset; see <see cref="DatasetCatalog"/>.</param>
    /// <param name="folder">The folder; absent, empty, or made by an earlier call.</param>
    /// <param name="progress">Receives the downloads' progress, on any thread; null for no reporting.</param>
    /// <param name="unpacking">Receives the number of images written from time to time while the files are unpacked, or null for no reporting.</param>
    /// <param name="cancellationToken">Cancels the work; what was received is kept, a folder that is not complete is removed.</param>
    /// <exception cref="DatasetUnavailableException">A file is not here and cannot be fetched.</exception>
    /// <exception cref="InvalidDatasetException">An archive is damaged or hostile.</exception>
    /// <exception cref="IOException">The folder holds something else, or was made of other files where these are not accepted, or cannot
    /// be written.</exception>
    /// <exception cref="OperationCanceledException">The work was canceled.</exception>
    public async Task<DownloadedDataset> GetAsync(
        DatasetDefinition dataset,
        string folder,
        IProgress<DownloadProgress>? progress = null,
        IProgress<int>? unpacking = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Find(dataset, full) is { } present)
        {
            return present;
        }

        // Before anything is fetched. From the first file to the last one's end nobody else fetches or removes this dataset's files.
        NewFolder.RequireFree(full);
        using FileLock held = await FileLock.AcquireAsync(
            Path.Combine(FolderOf(dataset), ".lock"), _options.Download.TimeProvider, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (Find(dataset, full) is { } made)
        {
            return made;
        }

        var received = new List<(ReceivedFile File, string Path, bool IsNew)>();
        foreach (DatasetFile file in dataset.Files)
        {
            received.Add(await FetchAsync(dataset, file, progress, cancellationToken).ConfigureAwait(false));
        }

        made = await Task.Run(
            () => Unpack(dataset, full, received, unpacking, cancellationToken), CancellationToken.None).ConfigureAwait(false);
        foreach ((_, string path, _) in received.Where(item => item.IsNew && !_options.KeepsFiles))
        {
            File.Delete(path);
        }

        return made;
    }

    private DownloadedDataset? Find(DatasetDefinition dataset, string folder)
    {
        if (DatasetMarker.Find(folder) is not { } marker || marker.Name != dataset.Name)
        {
            return null;
        }

        return _options.AcceptsOtherContent || marker.Files.All(file => file.IsKnown)
            ? new DownloadedDataset(folder, IsNew: false, marker.Classes, marker.TrainImages, marker.TestImages, marker.Files)
            : throw new IOException($"{folder} was made of other files than the published ones of {dataset.Name}; remove it, or name another folder");
    }

    private DownloadedDataset Unpack(
        DatasetDefinition dataset,
        string folder,
        List<(ReceivedFile File, string Path, bool IsNew)> received,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        using var target = new NewFolder(folder);
        var writer = new DatasetWriter(target.Path, progress, _options.Download.TimeProvider, cancellationToken);
        dataset.Unpack([.. received.Select(item => item.Path)], writer, cancellationToken);
        UnpackedDataset written = writer.Summary(folder);
        if (written.TrainImages == 0)
        {
            throw new InvalidDatasetException($"{received[0].Path}: found no images of {dataset.Name} in it");
        }

        ReceivedFile[] files = [.. received.Select(item => item.File)];
        new DatasetMarker(dataset.Name, written.Classes, written.TrainImages, written.TestImages, files).Write(target.Path);
        target.Complete();
        return new DownloadedDataset(folder, IsNew: true, written.Classes, written.TrainImages, written.TestImages, files);
    }

    private async Task<(ReceivedFile File, string Path, bool IsNew)> FetchAsync(
        DatasetDefinition dataset, DatasetFile file, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        string path = FileNames.Combine(FolderOf(dataset), file.Name);
        Uri address = _options.Mirror is { } mirror ? new Uri(mirror, $"{dataset.Name}/{file.Name}") : file.Address;
        DownloadResult? result = null;
        if (_options.IsOffline)
        {
            if (!File.Exists(path))
            {
                throw new DatasetUnavailableException(dataset, file, path, $"nothing is fetched, because {FetchSettings.OfflineVariable} says so");
            }
        }
        else
        {
            var request = new DownloadRequest
            {
                Address = address,
                Path = path,
                Sha256 = _options.AcceptsOtherContent ? null : file.Sha256,
                MaximumBytes = Math.Max(file.Bytes, 1) + (1 << 20),
            };
            try
            {
                result = await _downloader.Value.FetchAsync(request, progress, cancellationToken).ConfigureAwait(false);
            }
            catch (DownloadException e)
            {
                throw new DatasetUnavailableException(dataset, file, path, _options.Mirror is null ? e.Reason : e.Message.TrimEnd('.'), e);
            }
        }

        string hash = result?.Sha256 ?? await Sha256.OfFileAsync(path, cancellationToken).ConfigureAwait(false);
        bool isKnown = file.Sha256 is { } known && Sha256.Matches(hash, known);
        if (file.Sha256 is not null && !isKnown && !_options.AcceptsOtherContent)
        {
            throw new DatasetUnavailableException(
                dataset, file, path, $"{path} is damaged or another file (expected SHA-256 {file.Sha256}, found {hash})");
        }

        // Who passes the folder on does not pass on a password.
        address = new UriBuilder(address) { UserName = "", Password = "" }.Uri;
        return (new ReceivedFile(file.Name, address, new FileInfo(path).Length, hash, isKnown), path, result?.IsNew ?? false);
    }
}
