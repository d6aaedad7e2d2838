namespace MLClassify.Imaging.Encoding;

/// <summary>Writes images to files.</summary>
public static class ImageEncoder
{
    /// <summary>Writes an image in the format of the file's extension; the file appears whole or not at all.</summary>
    /// <param name="path">The file: <c>.png</c>, <c>.jpg</c> or <c>.jpeg</c>. An existing one is replaced.</param>
    /// <param name="image">The image.</param>
    /// <param name="jpegOptions">Used for JPEG alone; defaults when null.</param>
    /// <exception cref="ArgumentException">The extension names no format that is written here.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, Image image, JpegEncoderOptions? jpegOptions = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(image);
        byte[] encoded = Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".PNG" => PngEncoder.Encode(image),
            ".JPG" or ".JPEG" => JpegEncoder.Encode(image, jpegOptions),
            var extension => throw new ArgumentException($"Images are written as .png, .jpg or .jpeg, not as '{extension}': {path}", nameof(path)),
        };
        WriteWhole(path, encoded);
    }

    private static void WriteWhole(string path, byte[] content)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
