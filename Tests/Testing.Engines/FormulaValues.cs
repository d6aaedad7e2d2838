using System.Text;
using MLClassify.Engines;
using MLClassify.Graphs;

namespace MLClassify.Testing;

/// <summary>
/// Values that follow from a name and an index, as <c>Golden/make_golden.py</c> makes them: FNV-1a of the name, MurmurHash3's finalizer.
/// </summary>
internal static class FormulaValues
{
    /// <summary>The value of an index, in [-1, 1).</summary>
    /// <param name="seed">See <see cref="Seed"/>.</param>
    /// <param name="index">The index.</param>
    public static double Uniform(uint seed, long index)
    {
        uint h = seed + ((uint)index * 0x9E3779B9u);
        h ^= h >> 16;
        h *= 0x85EBCA6Bu;
        h ^= h >> 13;
        h *= 0xC2B2AE35u;
        h ^= h >> 16;
        return (h / 2147483648.0) - 1;
    }

    /// <summary>The hash of a name.</summary>
    /// <param name="name">The name.</param>
    public static uint Seed(string name)
    {
        uint seed = 2166136261;
        foreach (byte value in Encoding.UTF8.GetBytes(name))
        {
            seed = (seed ^ value) * 16777619;
        }

        return seed;
    }

    /// <summary>A parameter's values in the outside world's order.</summary>
    /// <param name="parameter">The parameter.</param>
    public static float[] Of(Parameter parameter)
    {
        uint seed = Seed(parameter.Name);
        bool isMatrix = parameter.Role is ParameterRole.ConvolutionWeight or ParameterRole.LinearWeight;
        (double offset, double scale) = parameter.Role switch
        {
            ParameterRole.Bias or ParameterRole.NormShift or ParameterRole.RunningMean => (0, 0.1),
            ParameterRole.RunningVariance => (1, 0.5),
            ParameterRole.NormScale => parameter.Name.EndsWith("bn3.weight", StringComparison.Ordinal) ? (0.25, 0.05) : (1, 0.2),
            _ => (0, Math.Sqrt(6.0 / Initializer.FanIn(parameter))),
        };
        float[] values = new float[parameter.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(isMatrix ? Uniform(seed, i) * scale : offset + (scale * Uniform(seed, i)));
        }

        return values;
    }

    /// <summary>Fills all parameters of a network.</summary>
    /// <param name="parameters">The parameters.</param>
    public static void Fill(ParameterStore parameters)
    {
        foreach (Parameter parameter in parameters.Parameters)
        {
            parameters.Import(parameter.Name, Of(parameter));
        }
    }

    /// <summary>An input batch, <c>[batch, H, W, 3]</c>, in [-2, 2).</summary>
    /// <param name="input">Filled.</param>
    public static void FillInput(Span<float> input)
    {
        uint seed = Seed("input");
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = (float)(2 * Uniform(seed, i));
        }
    }

    /// <summary>An input of coarse blocks, <c>[H, W, 3]</c>.</summary>
    /// <param name="input">Filled.</param>
    /// <param name="height">Its height.</param>
    /// <param name="width">Its width.</param>
    public static void FillBlocks(Span<float> input, int height, int width)
    {
        uint seed = Seed("blocks");
        int across = (width / 16) + 1;
        for (int i = 0; i < height * width * 3; i++)
        {
            int block = (i / 3 / width / 16 * across) + (i / 3 % width / 16);
            input[i] = (float)(2 * Uniform(seed, (block * 3) + (i % 3)));
        }
    }
}
