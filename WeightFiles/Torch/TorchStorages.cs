using MLClassify.Common.Zip;

namespace MLClassify.WeightFiles.Torch;

/// <summary>Where a file's storages lie.</summary>
internal interface ITorchStorages
{
    /// <summary>A storage's bytes from a place on.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="offset">The first byte.</param>
    Stream Open(TorchStorage storage, long offset);
}

/// <summary>Storages in the older format: one after the other, at known places.</summary>
internal sealed class LegacyStorages(Stream stream, IReadOnlyDictionary<string, long> places) : ITorchStorages
{
    public Stream Open(TorchStorage storage, long offset) => new SubStream(stream, places[storage.Key] + offset, storage.Bytes - offset);
}

/// <summary>Storages in the zip format: an entry each.</summary>
internal sealed class ZipStorages(ZipBytes bytes, IReadOnlyDictionary<string, ZipItem> items) : ITorchStorages
{
    public Stream Open(TorchStorage storage, long offset) => bytes.Open(items[storage.Key], offset);
}
