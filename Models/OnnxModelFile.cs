using MLClassify.WeightFiles.Onnx;

namespace MLClassify.Models;

/// <summary>
/// A model as an ONNX file: the metadata of a model file, and what the file's input and output are: <c>input_layout</c> (<c>nchw</c> or
/// <c>nhwc</c>), <c>input_range</c> (<c>255</c>, <c>1</c> or <c>normalized</c>), <c>output</c> (<c>probabilities</c> or <c>logits</c>).
/// </summary>
internal static class OnnxModelFile
{
    public static void Write(string path, TrainedModel model, OnnxExportOptions options)
    {
        Dictionary<string, string> metadata = ModelFile.Describe(model);
        metadata["input_layout"] = options.Layout == OnnxLayout.Nchw ? "nchw" : "nhwc";
        metadata["input_range"] = options.Range switch { OnnxRange.Bytes => "255", OnnxRange.Unit => "1", _ => "normalized" };
        metadata["output"] = options.Softmax ? OnnxExporter.ProbabilitiesName : OnnxExporter.LogitsName;
        OnnxExporter.Export(path, model.Graph, model.Parameters, options, Input(model.Preprocessing), metadata);
    }

    // (byte * scale - mean) / std, as one factor and one summand.
    private static OnnxInput Input(PreprocessingSpec spec)
    {
        bool isReversed = spec.ChannelOrder == ChannelOrder.Bgr;
        IEnumerable<(float Mean, float Std)> channels = spec.Mean.ToArray().Zip(spec.Std.ToArray());
        (float Mean, float Std)[] ordered = [.. isReversed ? channels.Reverse() : channels];
        return new OnnxInput
        {
            Factors = [.. ordered.Select(c => (double)spec.Scale / c.Std)],
            Offsets = [.. ordered.Select(c => -(double)c.Mean / c.Std)],
            IsReversed = isReversed,
        };
    }
}
