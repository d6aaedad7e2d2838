using Microsoft.ML;
using MLClassify.Imaging;

namespace MLClassify.MLNet;

/// <summary>Computes the numbers of one row at a time, when they are asked for, on the thread that does.</summary>
internal sealed class SingleRow(DataViewRow row, RowBinding binding, bool inBatches) : IRowValues
{
    private readonly ImageInput _images = ImageInput.Create(row, binding.Image, slots: 1);
    private float[] _inputs = [];
    private float[] _values = [];
    private long? _position;

    public ReadOnlySpan<float> Current()
    {
        if (_position != row.Position)
        {
            _values = Compute();
            _position = row.Position;
        }

        return _values;
    }

    private float[] Compute()
    {
        _images.Fetch(0);
        Image image;
        try
        {
            image = _images.Decode(0);
        }
        catch (Exception e) when (ImageInput.IsUnreadable(e))
        {
            if (binding.Unreadable == UnreadableImages.Throw)
            {
                throw _images.Unreadable(row.Position, 0, e);
            }

            binding.Computation.CountUnreadable();
            return [];
        }

        try
        {
            return inBatches && binding.Computation.OutputLength > 0 ? ComputeBatch(image) : binding.Computation.ComputeOne(image);
        }
        finally
        {
            image.Return();
        }
    }

    private float[] ComputeBatch(Image image)
    {
        ImageComputation computation = binding.Computation;
        if (_inputs.Length == 0)
        {
            _inputs = new float[computation.Size * computation.Size * 3];
        }

        computation.Prepare(image, _inputs);
        float[] outputs = new float[computation.OutputLength];
        computation.Compute(_inputs, outputs);
        return outputs;
    }
}
