using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLClassify.Imaging.Jpeg;

/// <summary>
/// Brings a component's rows to the image's width. Factors of two are interpolated with triangular weights (3/4 nearer, 1/4 farther sample),
/// as libjpeg's "fancy" upsampling does, with its alternating rounding; other factors repeat the nearest sample.
/// </summary>
internal sealed unsafe partial class Upsampler : IDisposable
{
    // libjpeg does not interpolate columns where a row has only one or two samples.
    private const int SmallestInterpolated = 3;

    private readonly SamplePlane _plane;
    private readonly Kind _kind;
    private readonly int _width;
    private readonly int _maxV;
    private readonly PooledBuffer<byte>? _output;
    private readonly PooledBuffer<short>? _sums;
    private readonly int[]? _columns;

    public Upsampler(JpegFrame frame, SamplePlane plane)
    {
        JpegComponent component = plane.Component;
        _plane = plane;
        _width = frame.Width;
        _maxV = frame.MaxV;
        _kind = Choose(frame, component);
        if (_kind != Kind.None)
        {
            _output = new PooledBuffer<byte>(_width + (2 * SamplePlane.Slack));
        }

        if (_kind is Kind.Horizontal or Kind.Both)
        {
            _sums = new PooledBuffer<short>(component.SampleWidth + (2 * SamplePlane.Slack));
        }

        if (_kind == Kind.Nearest)
        {
            _columns = new int[_width];
            for (int x = 0; x < _width; x++)
            {
                _columns[x] = Math.Min(((2 * x) + 1) * component.H / (2 * frame.MaxH), component.SampleWidth - 1);
            }
        }
    }

    private enum Kind
    {
        None,
        Horizontal,
        Vertical,
        Both,
        Nearest,
    }

    /// <summary>Whether a row of the image also depends on the row of samples below its own.</summary>
    public bool LooksDown => _kind is Kind.Vertical or Kind.Both;

    /// <summary>The component's samples for one row of the image; readable for <see cref="SamplePlane.Slack"/> bytes beyond the width.</summary>
    public byte* Row(int y)
    {
        switch (_kind)
        {
            case Kind.None:
                return _plane.Row(y);
            case Kind.Horizontal:
                Expand(_plane.Row(y), null, 1, 2, 2);
                break;
            case Kind.Vertical:
                BlendRows(_plane.Row(y >> 1), NeighborRow(y), (y & 1) == 0 ? 1 : 2);
                break;
            case Kind.Both:
                Expand(_plane.Row(y >> 1), NeighborRow(y), 8, 7, 4);
                break;
            default:
                byte* source = _plane.Row(((2 * y) + 1) * _plane.Component.V / (2 * _maxV));
                for (int x = 0; x < _width; x++)
                {
                    _output!.Pointer[x] = source[_columns![x]];
                }

                break;
        }

        return _output!.Pointer;
    }

    public void Dispose()
    {
        _output?.Dispose();
        _sums?.Dispose();
    }

    private static Kind Choose(JpegFrame frame, JpegComponent component)
    {
        bool sameWidth = component.H == frame.MaxH;
        bool sameHeight = component.V == frame.MaxV;
        bool halfWidth = component.H * 2 == frame.MaxH;
        bool halfHeight = component.V * 2 == frame.MaxV;
        bool wide = component.SampleWidth >= SmallestInterpolated;
        return (sameWidth, sameHeight) switch
        {
            (true, true) => Kind.None,
            (false, true) when halfWidth && wide => Kind.Horizontal,
            (true, false) when halfHeight => Kind.Vertical,
            (false, false) when halfWidth && halfHeight && wide => Kind.Both,
            _ => Kind.Nearest,
        };
    }

    private byte* NeighborRow(int y) => _plane.Row((y >> 1) + ((y & 1) == 0 ? -1 : 1));

    /// <summary>Doubles a row: sums of samples first (three times the nearer row plus the other, where there is another), then neighbors in the row.</summary>
    private void Expand(byte* near, byte* far, int evenBias, int oddBias, int shift)
    {
        short* sums = _sums!.Pointer + SamplePlane.Slack;
        int count = _plane.Component.SampleWidth;
        if (Avx2.IsSupported)
        {
            SumRows<Lanes256, Vector256<short>, Vector256<int>>(near, far, sums, count);
            ExpandSums<Lanes256, Vector256<short>, Vector256<int>>(sums, _output!.Pointer, count, evenBias, oddBias, shift);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            SumRows<Lanes128, Vector128<short>, Vector128<int>>(near, far, sums, count);
            ExpandSums<Lanes128, Vector128<short>, Vector128<int>>(sums, _output!.Pointer, count, evenBias, oddBias, shift);
        }
        else
        {
            SumRowsScalar(near, far, sums, count);
            ExpandSumsScalar(sums, _output!.Pointer, count, evenBias, oddBias, shift);
        }
    }

    private void BlendRows(byte* near, byte* far, int bias)
    {
        byte* output = _output!.Pointer;
        for (int x = 0; x < _width; x++)
        {
            output[x] = (byte)(((near[x] * 3) + far[x] + bias) >> 2);
        }
    }
}
