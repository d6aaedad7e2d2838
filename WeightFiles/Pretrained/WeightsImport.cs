using System.Security.Cryptography;
using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Networks;

namespace MLClassify.WeightFiles.Pretrained;

/// <summary>A file that was imported into the cache.</summary>
/// <param name="Network">The network that it is for.</param>
/// <param name="Path">Where it is now.</param>
/// <param name="Sha256">Its SHA-256, 64 hex digits.</param>
/// <param name="Published">The published file that it is; null for a user's own.</param>
public sealed record ImportedWeights(string Network, string Path, string Sha256, PublishedWeights? Published);

/// <summary>Copies weight files that were obtained by other means into the cache.</summary>
internal static class WeightsImport
{
    private const int HashDigits = 8;
    private const int BufferBytes = 1 << 20;

    /// <summary>What files are imported as, by their own extension; others become <c>.weights</c>.</summary>
    internal static readonly IReadOnlySet<string> Extensions =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { ".pth", ".pt", ".th", ".safetensors", ".npz", ".npy", ".weights" };

    /// <summary>
    /// Copies a file into the cache: a published one, which its hash tells, under its own name; any other for the network that is named,
    /// if it fits that network (its head may be another).
    /// </summary>
    /// <param name="cache">The cache.</param>
    /// <param name="file">The file; not changed.</param>
    /// <param name="network">The network's name in the registry; not needed for a published file.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="ArgumentException">The network is unknown, or is needed, or the file is published for another.</exception>
    /// <exception cref="InvalidWeightsException">The file is damaged or does not fit the network.</exception>
    /// <exception cref="IOException">The file cannot be read, or not be copied.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or not be copied.</exception>
    public static async Task<ImportedWeights> ImportAsync(
        WeightsCache cache, string file, string? network = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentException.ThrowIfNullOrEmpty(file);
        string? name = network is null ? null : NetworkRegistry.Default.Get(network).Name;
        string hash = await Sha256.OfFileAsync(file, cancellationToken).ConfigureAwait(false);
        PublishedWeights? published = cache.Options.Table.ByHash(hash);
        if (published is not null && name is not null && published.Network != name)
        {
            throw new ArgumentException($"{file} is {published.FileName}, weights of {published.Network}, not of {name}.");
        }

        string target = published is not null ? cache.PathOf(published) : NameOwn(cache, file, name, hash);
        if (Path.GetFullPath(file) != target)
        {
            await Task.Run(() => Copy(file, target, hash, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        return new ImportedWeights(published?.Network ?? name!, target, hash, published);
    }

    private static string NameOwn(WeightsCache cache, string file, string? name, string hash)
    {
        string found = hash[..HashDigits];
        PublishedWeights? sameName = cache.Options.Table.Rows.FirstOrDefault(r => r.FileName.Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase));
        if (sameName is not null)
        {
            throw new InvalidWeightsException(
                file, "this is not the published file of that name: it is damaged or was changed", expected: $"SHA-256 {sameName.Sha256}...", found: $"{found}...");
        }

        if (name is null)
        {
            throw new ArgumentException($"{file} (SHA-256 {found}...) is not one of the published files; name the network that it is for.");
        }

        RequireFit(file, name);
        string extension = Path.GetExtension(file);
        return FileNames.Combine(cache.Folder, $"{name}-{found}{(Extensions.Contains(extension) ? extension : ".weights")}");
    }

    // All of it is read, so that damage shows now and not when a training begins.
    private static void RequireFit(string file, string name)
    {
        NetworkDefinition definition = NetworkRegistry.Default.Get(name);
        using IWeightFile weights = WeightFile.Open(file);
        int size = definition.DefaultInputSize;
        Graph graph = definition.Build(new NetworkOptions { InputHeight = size, InputWidth = size });
        using var parameters = new HostParameterStore(graph.Parameters);
        WeightLoader.Load(parameters, graph, weights, new LoadOptions { AllowHeadMismatch = true });
    }

    private static void Copy(string file, string target, string hash, CancellationToken cancellationToken) => AtomicFile.Write(target, stream =>
    {
        using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        int count;
        while ((count = source.Read(buffer)) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sum.AppendData(buffer, 0, count);
            stream.Write(buffer, 0, count);
        }

        if (Convert.ToHexStringLower(sum.GetHashAndReset()) != hash)
        {
            throw new IOException($"{file} was changed while it was copied.");
        }
    });
}
