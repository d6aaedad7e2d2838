using Microsoft.ML;

namespace MLClassify.Samples;

/// <summary>Some rows of a folder that ML.NET loaded.</summary>
internal static class PhotoRows
{
    /// <summary>The rows of some images.</summary>
    /// <param name="context">The context.</param>
    /// <param name="photos">All rows, with a column <c>ImagePath</c>.</param>
    /// <param name="images">The images to keep.</param>
    public static IDataView Only(MLContext context, IDataView photos, ImageDataset images)
    {
        HashSet<string> paths = [.. images.Samples.Select(sample => sample.Path)];
        return photos.GetRowCount() == paths.Count ? photos : context.Data.FilterByCustomPredicate<Row>(photos, row => !paths.Contains(row.ImagePath));
    }

    private sealed class Row
    {
        public string ImagePath { get; set; } = "";
    }
}
