using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Parameters;

/// <summary>Host memory as tensors and back.</summary>
internal static class HostTensors
{
    /// <summary>A tensor in host memory with a copy of values.</summary>
    /// <param name="values">The values.</param>
    /// <param name="dimensions">Their dimensions.</param>
    public static Tensor From(ReadOnlySpan<float> values, params long[] dimensions)
    {
        Tensor tensor = empty(dimensions, ScalarType.Float32);
        MemoryMarshal.AsBytes(values).CopyTo(tensor.bytes);
        return tensor;
    }

    /// <summary>Labels as libtorch takes them.</summary>
    /// <param name="labels">The labels.</param>
    public static Tensor Labels(ReadOnlySpan<int> labels)
    {
        Tensor tensor = empty([labels.Length], ScalarType.Int64);
        Span<long> values = MemoryMarshal.Cast<byte, long>(tensor.bytes);
        for (int i = 0; i < labels.Length; i++)
        {
            values[i] = labels[i];
        }

        return tensor;
    }

    /// <summary>Copies a float32 tensor, from any device and with any strides, into host memory; waits for the device.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="values">Receives as many values as it has.</param>
    public static void Read(Tensor tensor, Span<float> values)
    {
        using Tensor dense = tensor.contiguous();
        using Tensor host = dense.cpu();
        MemoryMarshal.Cast<byte, float>(host.bytes).CopyTo(values);
    }
}
