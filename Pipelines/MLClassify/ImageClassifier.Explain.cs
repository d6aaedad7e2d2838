using MLClassify.Imaging;
using MLClassify.Models;
using MLClassify.Preprocessing;

namespace MLClassify;

public sealed partial class ImageClassifier
{
    private GradCam? _gradCam;

    /// <summary>Computes which regions of an image file support a class (Grad-CAM).</summary>
    /// <param name="path">The file; its content decides the format.</param>
    /// <param name="className">The class; the likeliest when null.</param>
    /// <exception cref="ArgumentException">There is no such class, or the network has no feature map.</exception>
    /// <exception cref="InvalidDataException">The network's values are not finite.</exception>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public Explanation Explain(string path, string? className = null)
    {
        int? label = className is null ? null : LabelOf(className);
        return ExplainLabel(Image.Load(path), label);
    }

    /// <summary>Computes which regions of an image support a class (Grad-CAM).</summary>
    /// <param name="image">The image, upright; not changed, and kept by the explanation.</param>
    /// <param name="className">The class; the likeliest when null.</param>
    /// <exception cref="ArgumentException">There is no such class, or the network has no feature map.</exception>
    /// <exception cref="InvalidDataException">The network's values are not finite.</exception>
    public Explanation Explain(Image image, string? className = null) => ExplainLabel(image, className is null ? null : LabelOf(className));

    private Explanation ExplainLabel(Image image, int? label)
    {
        ArgumentNullException.ThrowIfNull(image);
        float[] input = new float[_preprocessor.ValueCount];
        _preprocessor.Apply(image, input);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _gradCam ??= new GradCam(_model.Engine, _model.Graph, _model.Parameters);
            var prediction = new Prediction(Labels, _gradCam.Run(input));
            int index = label ?? prediction.LabelIndex;
            HeatMap map = _gradCam.Explain(index);
            return new Explanation(prediction, index, map, image)
            {
                Label = Labels[index],
                Layer = _gradCam.Node.Name,
                Region = ImageRegion.SeenBy(Preprocessing, image),
            };
        }
    }

    private int LabelOf(string className)
    {
        for (int i = 0; i < Labels.Count; i++)
        {
            if (Labels[i] == className)
            {
                return i;
            }
        }

        const int MostNamed = 20;
        string known = string.Join(", ", Labels.Take(MostNamed)) + (Labels.Count > MostNamed ? $" and {Labels.Count - MostNamed} more" : "");
        throw new ArgumentException($"There is no class '{className}'; the classes are {known}.", nameof(className));
    }
}
