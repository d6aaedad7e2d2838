using MLClassify.Common;

namespace MLClassify.WeightFiles.Onnx;

/// <summary>How an exported model wants its input laid out.</summary>
public enum OnnxLayout
{
    /// <summary>Channels first, <c>[N, 3, H, W]</c>: what exports of PyTorch have.</summary>
    Nchw,

    /// <summary>Channels last, <c>[N, H, W, 3]</c>: how decoded images lie in memory.</summary>
    Nhwc,
}

/// <summary>The range of an exported model's input values.</summary>
public enum OnnxRange
{
    /// <summary>0 to 255: a decoded image's bytes, as float32.</summary>
    Bytes,

    /// <summary>0 to 1: bytes divided by 255.</summary>
    Unit,

    /// <summary>
    /// Normalized already, as the model's preprocessing says: no normalization inside the file, whose input is called
    /// <c>normalized_input</c>. For pixels from <c>Preprocessor</c> or from ML.NET's pipelines with <c>NormalizeImageNet</c>.
    /// </summary>
    Normalized,
}

/// <summary>The choices for an ONNX file.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest version of ONNX's operators that can be written.</summary>
    public const int MinimumOpset = 17;

    /// <summary>The newest version of ONNX's operators that can be written.</summary>
    public const int MaximumOpset = 23;

    /// <summary>The input's layout. Default <see cref="OnnxLayout.Nchw"/>.</summary>
    public OnnxLayout Layout { get; init; } = OnnxLayout.Nchw;

    /// <summary>The input's range. Default <see cref="OnnxRange.Bytes"/>.</summary>
    public OnnxRange Range { get; init; } = OnnxRange.Bytes;

    /// <summary>Whether the output is probabilities, by a softmax; else it is logits. Default true.</summary>
    public bool Softmax { get; init; } = true;

    /// <summary>The version of ONNX's operators. Default 17; 17 to 23.</summary>
    public int Opset { get; init; } = MinimumOpset;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is outside its range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Layout) || !Enum.IsDefined(Range))
        {
            throw new ArgumentException(FormattableString.Invariant($"unknown ONNX layout {(int)Layout} or range {(int)Range}"));
        }

        if (Opset is < MinimumOpset or > MaximumOpset)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"the ONNX opset must be {MinimumOpset} to {MaximumOpset}, got {Opset}"));
        }
    }
}
