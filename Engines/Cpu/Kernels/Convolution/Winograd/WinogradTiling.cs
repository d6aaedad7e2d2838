using MLClassify.Engines.Cpu.Kernels.Convolution.Direct;

namespace MLClassify.Engines.Cpu.Kernels.Convolution.Winograd;

/// <summary>How outputs are cut into tiles: <c>[Batch, Rows, Columns]</c> of them.</summary>
internal struct WinogradTiling
{
    public int Batch;
    public int Rows;
    public int Columns;

    public readonly int Count => Batch * Rows * Columns;

    public static WinogradTiling For(int batch, int height, int width, int outputs) => new()
    {
        Batch = batch,
        Rows = (height + outputs - 1) / outputs,
        Columns = (width + outputs - 1) / outputs,
    };

    public readonly void Locate(int tile, out int image, out int row, out int column)
    {
        column = tile % Columns;
        row = tile / Columns % Rows;
        image = tile / (Columns * Rows);
    }
}

/// <summary>Addresses of a square of positions in a map; a stand-in's address for those outside.</summary>
internal static unsafe class WinogradAddresses
{
    public static void Fill(in GatherMap map, int image, int top, int left, int size, float* outside, float** addresses)
    {
        float* start = map.Data + (((nint)image * map.Height) + top) * map.Width * map.Stride + (left * map.Stride);
        nint rowStride = map.Width * map.Stride;
        if (top >= 0 && left >= 0 && top + size <= map.Height && left + size <= map.Width)
        {
            for (int y = 0; y < size; y++)
            {
                float* p = start + (y * rowStride);
                for (int x = 0; x < size; x++, p += map.Stride)
                {
                    *addresses++ = p;
                }
            }

            return;
        }

        for (int y = 0; y < size; y++)
        {
            bool inRow = (uint)(top + y) < (uint)map.Height;
            float* p = start + (y * rowStride);
            for (int x = 0; x < size; x++, p += map.Stride)
            {
                *addresses++ = inRow && (uint)(left + x) < (uint)map.Width ? p : outside;
            }
        }
    }
}
