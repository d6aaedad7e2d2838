namespace MLClassify.Datasets;

/// <summary>Which files are taken for images when a folder is listed. Their content decides the format later.</summary>
internal static class ImageFileTypes
{
    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".gif", ".webp", ".avif", ".tif", ".tiff",
    };

    /// <summary>Whether the file's extension is that of an image, whatever its case.</summary>
    /// <param name="path">The file's name or path.</param>
    public static bool IsImage(string path) => Known.Contains(Path.GetExtension(path));
}
