using System.IO.Compression;

namespace MLClassify.Datasets;

/// <summary>Reads whole files of images, and takes no more memory than they can really fill.</summary>
internal static class RawFile
{
    /// <summary>The largest content that is read, 1 GiB: CIFAR-100's has 154 MB.</summary>
    public const int LargestContent = 1 << 30;

    // One bit of deflate stands for 258 bytes at most; RFC 1951 leaves no way to more than 1032 to 1.
    private const long LargestRatio = 1032;

    /// <summary>The whole content of a file that is not compressed.</summary>
    /// <exception cref="InvalidDatasetException">It is too large.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadAll(string path)
    {
        long length = new FileInfo(path).Length;
        return length <= LargestContent ? File.ReadAllBytes(path) : throw TooLarge(path, length);
    }

    /// <summary>Opens a file for reading from its beginning, decompressed where it begins as gzip does (RFC 1952).</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that the content can have, from the file's length.</param>
    public static Stream Open(string path, out long most)
    {
        FileStream file = File.OpenRead(path);
        try
        {
            Span<byte> magic = stackalloc byte[2];
            bool isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
            file.Position = 0;
            most = isGzip ? Math.Min(file.Length, LargestContent) * LargestRatio : file.Length;
            return isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public static InvalidDatasetException TooLarge(string path, long bytes) =>
        new(FormattableString.Invariant($"{path}: found {bytes} bytes, expected at most {LargestContent}"));
}
