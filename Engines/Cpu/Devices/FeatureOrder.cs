using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Devices;

/// <summary>
/// The order of a flattened map's features. Outside they count channels, rows, columns; inside rows, columns, channels, because that is
/// how activations lie.
/// </summary>
internal static class FeatureOrder
{
    /// <summary>Reorders the columns of a matrix <c>[outputs, features]</c> from the outside world's order.</summary>
    public static void ToChannelsLast(ReadOnlySpan<float> matrix, Span<float> reordered, Shape map)
    {
        for (int row = 0; row < matrix.Length; row += map.Count)
        {
            for (int c = 0; c < map.Channels; c++)
            {
                for (int pixel = 0; pixel < map.Pixels; pixel++)
                {
                    reordered[row + (pixel * map.Channels) + c] = matrix[row + (c * map.Pixels) + pixel];
                }
            }
        }
    }

    /// <summary>The reverse of <see cref="ToChannelsLast"/>.</summary>
    public static void ToChannelsFirst(ReadOnlySpan<float> reordered, Span<float> matrix, Shape map)
    {
        for (int row = 0; row < matrix.Length; row += map.Count)
        {
            for (int c = 0; c < map.Channels; c++)
            {
                for (int pixel = 0; pixel < map.Pixels; pixel++)
                {
                    matrix[row + (c * map.Pixels) + pixel] = reordered[row + (pixel * map.Channels) + c];
                }
            }
        }
    }
}
