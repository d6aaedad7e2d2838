namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// The samples of one component for two rows of MCUs, as a ring: row <c>r</c> of the component lies at <c>r</c> modulo the ring's height.
/// Two rows of MCUs suffice, because upsampling looks at most one row of samples up or down.
/// </summary>
internal sealed unsafe class SamplePlane : IDisposable
{
    /// <summary>How far vector code may read beyond the samples of a row.</summary>
    public const int Slack = 64;

    private readonly PooledBuffer<byte> _buffer;
    private readonly int _height;

    public SamplePlane(JpegComponent component)
    {
        Component = component;
        Stride = (component.BlocksWide * 8) + Slack;
        _height = 2 * 8 * component.V;
        _buffer = new PooledBuffer<byte>(checked(Stride * _height));
    }

    public JpegComponent Component { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>A row of samples; rows beyond the image's edge are the edge's.</summary>
    public byte* Row(int row) => _buffer.Pointer + (Math.Clamp(row, 0, Component.SampleHeight - 1) % _height * Stride);

    /// <summary>Transforms one row of blocks into samples.</summary>
    /// <param name="coefficients">The row's blocks.</param>
    /// <param name="quantization">The component's quantization factors, row by row.</param>
    /// <param name="blockRow">The row of blocks within the component.</param>
    public void Transform(short* coefficients, short* quantization, int blockRow) =>
        InverseDct.TransformRow(coefficients, Component.BlocksWide, quantization, _buffer.Pointer + (blockRow * 8 % _height * Stride), Stride);

    public void Dispose() => _buffer.Dispose();
}
