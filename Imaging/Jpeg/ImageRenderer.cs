namespace MLClassify.Imaging.Jpeg;

/// <summary>Turns rows of coefficients into rows of the image: inverse transform, upsampling, color.</summary>
internal sealed unsafe class ImageRenderer : IDisposable
{
    private readonly JpegFrame _frame;
    private readonly JpegColorSpace _colorSpace;
    private readonly Image _image;
    private readonly SamplePlane[] _planes;
    private readonly Upsampler[] _upsamplers;
    private readonly PooledBuffer<short> _quantization;
    private readonly bool _looksDown;
    private int _rowsDone;

    public ImageRenderer(JpegFrame frame, JpegColorSpace colorSpace, bool lendsPixels)
    {
        _frame = frame;
        _colorSpace = colorSpace;
        _image = lendsPixels
            ? Image.Rent(frame.Width, frame.Height)
            : new Image(frame.Width, frame.Height, GC.AllocateUninitializedArray<byte>(checked(frame.Width * frame.Height * 3)));
        _quantization = new PooledBuffer<short>(frame.Components.Length * InverseDct.BlockSize);
        _planes = new SamplePlane[frame.Components.Length];
        _upsamplers = new Upsampler[frame.Components.Length];
        for (int i = 0; i < _planes.Length; i++)
        {
            for (int k = 0; k < InverseDct.BlockSize; k++)
            {
                _quantization.Pointer[(i * InverseDct.BlockSize) + k] = (short)frame.Components[i].Quantization![k];
            }

            _planes[i] = new SamplePlane(frame.Components[i]);
            _upsamplers[i] = new Upsampler(frame, _planes[i]);
            _looksDown |= _upsamplers[i].LooksDown;
        }
    }

    /// <summary>Renders what one more row of MCUs makes possible. Rows come in order.</summary>
    /// <param name="mcuRow">The row of MCUs in the image.</param>
    /// <param name="grids">Coefficients by component.</param>
    /// <param name="gridRow">The row of MCUs within the grids.</param>
    public void Render(int mcuRow, CoefficientGrid[] grids, int gridRow)
    {
        for (int i = 0; i < _planes.Length; i++)
        {
            JpegComponent component = _frame.Components[i];
            for (int y = 0; y < component.V; y++)
            {
                int blockRow = (mcuRow * component.V) + y;
                if (blockRow < component.BlocksHigh)
                {
                    _planes[i].Transform(grids[i].Row((gridRow * component.V) + y), _quantization.Pointer + (i * InverseDct.BlockSize), blockRow);
                }
            }
        }

        bool last = mcuRow == _frame.McusHigh - 1;
        int end = last ? _frame.Height : ((mcuRow + 1) * _frame.MaxV * 8) - (_looksDown ? 1 : 0);
        EmitRows(end);
    }

    /// <summary>The image, once all rows are rendered.</summary>
    public Image ToImage() => _image;

    public void Dispose()
    {
        _quantization.Dispose();
        for (int i = 0; i < _planes.Length; i++)
        {
            _planes[i].Dispose();
            _upsamplers[i].Dispose();
        }
    }

    private void EmitRows(int end)
    {
        byte** rows = stackalloc byte*[4];
        fixed (byte* pixels = _image.Pixels)
        {
            for (; _rowsDone < end; _rowsDone++)
            {
                for (int i = 0; i < _upsamplers.Length; i++)
                {
                    rows[i] = _upsamplers[i].Row(_rowsDone);
                }

                ColorConverter.ConvertRow(_colorSpace, rows, pixels + ((nint)_rowsDone * _frame.Width * 3), _frame.Width);
            }
        }
    }
}
