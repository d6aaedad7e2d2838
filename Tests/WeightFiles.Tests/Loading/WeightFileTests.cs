using System.Text;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Networks;
using MLClassify.WeightFiles.Tests.Safetensors;

namespace MLClassify.WeightFiles.Tests.Loading;

public class WeightFileTests
{
    [Theory]
    [InlineData("\u0089HDF\r\n\u001a\n\0\0\0\0\0\0\0\0", "HDF5")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "Git LFS")]
    [InlineData("<!DOCTYPE html><html><body>404", "a web page")]
    [InlineData("<html><body>404</body></html>", "a web page")]
    [InlineData("\u001f\u008b\u0008\0\0\0\0\0\0\0\0\0\0\0\0\0", "gzip")]
    [InlineData("\u0080\u0004}\u0094.aaaaaaaaaaaaaaaa", "a pickle of Python's that torch.save has not written")]
    [InlineData("\u0008\u0008\u0012\u0007pytorch:\u0001", "this is an ONNX model")]
    [InlineData("\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0\u0001\u0001\0\0\u0001", "but a JPEG image")]
    [InlineData("daisy,rose\n1,2\n", "but a text file")]
    [InlineData("", "too short for safetensors")]
    [InlineData("something else altogether", "this is not safetensors")]
    public void Open_AnotherKindOfFile_SaysWhatItIs(string content, string message) =>
        TestFiles.AssertRefused(Encoding.Latin1.GetBytes(content), message);

    // The length 0x0280 begins as a pickle does.
    [Theory]
    [InlineData(0x0280)]
    [InlineData(0x8B1F)]
    [InlineData(0x04034B50)]
    public void Open_SafetensorsWhoseLengthLooksLikeAnotherFormat_IsRead(int length)
    {
        if (length > 1 << 20)
        {
            // The header would be 64 MiB; a refusal by the safetensors reader proves the point.
            byte[] file = SafetensorsBytes.File("{}", 0);
            BitConverter.TryWriteBytes(file, (long)length);
            TestFiles.AssertRefused(file, "this is not safetensors");
            return;
        }

        string header = """{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""".PadRight(length);
        using IWeightFile read = TestFiles.Open(SafetensorsBytes.File(header, 1));
        Assert.Equal("a", Assert.Single(read.Entries).Name);
    }

    [DataFact]
    public void Run_ReferenceSqueezeNetFromEveryFormat_GivesTheSameBits()
    {
        using var engine = new CpuEngine();
        float[][] logits =
        [
            .. ((string[])["squeezenet1_1.safetensors", "squeezenet1_1.pth", "squeezenet1_1.legacy.pth"]).Select(name => Logits(name, engine)),
        ];
        Assert.Equal(1000, logits[0].Length);
        Assert.Equal(logits[0], logits[1]);
        Assert.Equal(logits[0], logits[2]);
    }

    private static float[] Logits(string name, Engine engine)
    {
        Graph graph = NetworkRegistry.Default.Get("squeezenet1_1").Build(new NetworkOptions());
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        using IWeightFile file = WeightFile.Open(SharedData.Path("weights", name));
        Assert.True(WeightLoader.Load(parameters, graph, file).IsComplete);
        using IInferenceSession session = engine.CreateInference(graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        FormulaValues.FillBlocks(input, 224, 224);
        return session.Run(input).ToArray();
    }
}
