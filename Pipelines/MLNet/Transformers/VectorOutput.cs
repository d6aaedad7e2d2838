using Microsoft.ML;
using Microsoft.ML.Data;
using MLClassify.Imaging;

namespace MLClassify.MLNet;

/// <summary>Writes a vector of numbers for an image.</summary>
internal delegate void VectorWriter(Image image, Span<float> values);

/// <summary>A transformer that adds one vector of Single of a fixed size; all NaN for an image that cannot be read.</summary>
internal sealed class VectorOutput(int length, DataViewRow row, ImageColumnReader reader, VectorWriter writer) : IRowOutput
{
    private readonly float[] _values = new float[length];
    private long? _position;

    public Delegate Getter(int added) => (ValueGetter<VBuffer<float>>)Get;

    private void Get(ref VBuffer<float> value)
    {
        if (_position != row.Position)
        {
            if (reader.Read() is { } image)
            {
                writer(image, _values);
            }
            else
            {
                Array.Fill(_values, float.NaN);
            }

            _position = row.Position;
        }

        VBufferEditor<float> editor = VBufferEditor.Create(ref value, length);
        _values.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
