using MLClassify.Common;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.WeightFiles.Onnx;
using MLClassify.WeightFiles.Onnx.Protobuf;

namespace MLClassify.WeightFiles.Tests.Onnx;

/// <summary>One process of ONNX Runtime for a class of tests, and the comparison of a network with its export.</summary>
public sealed class OnnxRuntimeFixture : IDisposable
{
    private static readonly int[] Batches = [1, 3];

    private readonly Lazy<OnnxRuntimeProcess> _runtime = new(() => new OnnxRuntimeProcess());

    public void Dispose()
    {
        if (_runtime.IsValueCreated)
        {
            _runtime.Value.Dispose();
        }
    }

    /// <summary>
    /// Exports a network of vectors or maps with logits and, where asked for, probabilities as outputs, and compares them with ours for
    /// batches of 1 and 3. <paramref name="tolerance"/> is relative to the largest logit, and absolute for probabilities.
    /// </summary>
    internal void Check(
        Engine engine, Graph graph, ParameterStore parameters, string file, OnnxExportOptions options, OnnxInput? input = null, double tolerance = 1e-4)
    {
        ModelProto model = WithLogits(OnnxExporter.Model(graph, parameters, options, input, null), out string logits);
        ModelWriter.Write(file, model);
        var images = Batches.Select(batch => new Images(batch, graph.Input.Shape, options, input)).ToArray();
        OnnxAnswer answer = _runtime.Value.Run(file, [.. images.Select(p => p.Tensor)]);
        Assert.Equal(["input"], answer.Inputs);
        using IInferenceSession session = engine.CreateInference(graph, parameters, Batches.Max());
        foreach ((Images image, Dictionary<string, OnnxTensor> found) in images.Zip(answer.Results))
        {
            float[] expected = session.Run(image.Normalized).ToArray();
            Shape shape = graph.Output.Shape;
            int[] dimensions = shape.IsVector ? [image.Batch, shape.Channels] : [image.Batch, shape.Channels, shape.Height, shape.Width];
            Assert.Equal(dimensions, found[logits].Dims);
            AssertClose(ToChannelsFirst(expected, shape), found[logits].Values, tolerance * expected.Max(Math.Abs), graph.Name);
            if (options.Softmax)
            {
                AssertClose(Softmax(expected, shape.Channels), found["probabilities"].Values, tolerance, graph.Name);
            }
        }
    }

    private static ModelProto WithLogits(ModelProto model, out string logits)
    {
        NodeProto? softmax = model.Graph.Node.SingleOrDefault(n => n.OpType == "Softmax");
        logits = softmax?.Input[0] ?? model.Graph.Output[0].Name;
        if (softmax is not null)
        {
            ValueInfoProto output = model.Graph.Output[0].Clone();
            output.Name = logits;
            model.Graph.Output.Add(output);
        }

        return model;
    }

    private static void AssertClose(float[] expected, float[] found, double tolerance, string network)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - found[i]) <= tolerance,
                FormattableString.Invariant($"{network}, value {i}: expected {expected[i]}, found {found[i]}, tolerance {tolerance}"));
        }
    }

    private static float[] Softmax(float[] logits, int classes)
    {
        float[] result = new float[logits.Length];
        for (int row = 0; row < logits.Length; row += classes)
        {
            double largest = logits.AsSpan(row, classes).ToArray().Max();
            double sum = logits.AsSpan(row, classes).ToArray().Sum(l => Math.Exp(l - largest));
            for (int i = row; i < row + classes; i++)
            {
                result[i] = (float)(Math.Exp(logits[i] - largest) / sum);
            }
        }

        return result;
    }

    private static float[] ToChannelsFirst(float[] values, Shape shape)
    {
        float[] result = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int sample = i / shape.Count;
            int pixel = i % shape.Count / shape.Channels;
            result[(sample * shape.Count) + (i % shape.Channels * shape.Pixels) + pixel] = values[i];
        }

        return result;
    }

    /// <summary>Formula values as a file's input and as the network's.</summary>
    private sealed class Images
    {
        public Images(int batch, Shape shape, OnnxExportOptions options, OnnxInput? input)
        {
            Batch = batch;
            Normalized = new float[batch * shape.Count];
            FormulaValues.FillInput(Normalized);
            float[] values = [.. Normalized];
            if (input is not null)
            {
                // Whole bytes, as decoded images have them.
                for (int i = 0; i < values.Length; i++)
                {
                    int channel = i % shape.Channels;
                    int place = input.IsReversed ? i - channel + shape.Channels - 1 - channel : i;
                    int value = (int)((Normalized[i] + 2) * 63.75f);
                    values[place] = options.Range == OnnxRange.Bytes ? value : value / 255f;
                    Normalized[i] = (float)((value * input.Factors[channel]) + input.Offsets[channel]);
                }
            }

            Tensor = options.Layout == OnnxLayout.Nhwc
                ? new OnnxTensor([batch, shape.Height, shape.Width, shape.Channels], values)
                : new OnnxTensor([batch, shape.Channels, shape.Height, shape.Width], ToChannelsFirst(values, shape));
        }

        public int Batch { get; }

        public float[] Normalized { get; }

        public OnnxTensor Tensor { get; }
    }
}
