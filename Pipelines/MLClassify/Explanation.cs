using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;
using MLClassify.Models;
using MLClassify.Preprocessing;

namespace MLClassify;

/// <summary>The image regions that support a class according to Grad-CAM, with the classifier's prediction. Immutable.</summary>
public sealed class Explanation
{
    internal Explanation(Prediction prediction, int label, HeatMap map, Image image)
    {
        Prediction = prediction;
        Score = prediction.Scores[label];
        Map = map;
        Image = image;
    }

    /// <summary>The prediction for the image.</summary>
    public Prediction Prediction { get; }

    /// <summary>The class that the map is for.</summary>
    public required string Label { get; init; }

    /// <summary>That class's probability, 0..1.</summary>
    public float Score { get; }

    /// <summary>The heat map; <see cref="HeatMap.IsEmpty"/> when no region supports the class.</summary>
    public HeatMap Map { get; }

    /// <summary>The image, upright.</summary>
    public Image Image { get; }

    /// <summary>Which part of the image the network saw.</summary>
    public required ImageRegion Region { get; init; }

    /// <summary>The name of the layer whose map it is.</summary>
    public required string Layer { get; init; }

    /// <summary>Draws the heat map over the image; what the network did not see is dimmed.</summary>
    /// <param name="options">How; defaults when null.</param>
    /// <returns>An image of the same size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Image Render(HeatMapOptions? options = null) => HeatMapPainter.Draw(Image, Map, Region, options);

    /// <summary>Draws the heat map over the image into a file.</summary>
    /// <param name="path">The file, <c>.png</c>, <c>.jpg</c> or <c>.jpeg</c>; written to a temporary name and renamed.</param>
    /// <param name="options">How; defaults when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range, or the extension names no format that is written.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, HeatMapOptions? options = null) => ImageEncoder.Save(path, Render(options));
}
