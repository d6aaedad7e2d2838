using MLClassify.WeightFiles.Onnx;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>A network that <c>Golden/onnx/make_onnx.py</c> exported, and PyTorch's outputs for an input by formula.</summary>
internal sealed record OnnxCase(string File, int Height, int Width, int Batch, bool ChannelsLast, float[] Values);

/// <summary>What <c>Golden/onnx/make_onnx.py</c> wrote.</summary>
internal static class OnnxGolden
{
    public static OnnxCase[] Cases() => GoldenFolder.Onnx.Json<OnnxCase[]>("outputs.json");

    public static string PathOf(string name) => GoldenFolder.Onnx[name + ".onnx"];

    public static OnnxNetwork Open(string name) => OnnxNetwork.Open(PathOf(name));
}
