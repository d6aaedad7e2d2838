using System.Globalization;
using System.Runtime.Intrinsics;
using MLClassify.Common;
using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Kernels;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Parameters;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;

// Trains a small network for one step with whatever instructions this process may use, and prints what came out: a line each of a name
// and numbers. The instruction set tests run it with parts of the processor switched off and compare.
Print("level", SimdSupport.Best);
Print("vector512", Vector512.IsHardwareAccelerated);
Print("vector256", Vector256.IsHardwareAccelerated);
Print("vector128", Vector128.IsHardwareAccelerated);

const int batch = 4;
var builder = GraphBuilder.For("legs", new Shape(19, 17, 3));
Node x = builder.Relu(builder.BatchNorm(builder.Convolution(builder.Input, "stem", 37, 5, 2, 2, bias: false), "stem_norm"), "stem_relu");
x = builder.MaxPool(builder.LocalResponseNorm(x, "lrn", alpha: 0.05f), "pool", 3, 2, 1);
Node branch = builder.Relu(builder.Convolution(x, "depthwise", 37, 3, 1, 1, groups: 37), "depthwise_relu", 6);
branch = builder.Convolution(branch, "pointwise", 37, 1);
Node gate = builder.Sigmoid(builder.Linear(builder.GlobalAveragePool(branch, "squeeze"), "excite", 37), "gate");
x = builder.Add(builder.Scale(branch, gate, "scaled"), x, "sum");
x = builder.Concat([x, builder.AveragePool(x, "mean", 3, 1, 1)], "concat");
x = builder.Dropout(builder.Convolution(x, "grouped", 70, 3, 2, 1, groups: 2), "dropout", 0.2f);
Graph graph = builder.Build(builder.Linear(builder.AdaptiveAveragePool(x, "adaptive", 2, 2), "classifier", 10));

using CpuDevice device = CpuDevice.Create(2);
using var parameters = new CpuParameterStore(graph.Parameters, device);
parameters.Initialize(3);
using var session = new GradientSession(graph, parameters, new GradientSessionOptions { MaxBatch = batch, LabelSmoothing = 0.1f });
var random = CounterRandom.FromCounter(4);
foreach (ref float value in session.Input)
{
    value = (float)random.NextGaussian();
}

float[] input = session.Input.ToArray();
StepResult result = session.Step([0, 3, 9, 3], 1);
Print("loss", result.LossSum);
foreach (TrainedParameter trained in session.Trained)
{
    float[] gradient = new float[trained.Parameter.Count];
    device.Unpack(trained.Parameter, trained.Gradient.Span, gradient);
    PrintNumbers("gradient." + trained.Parameter.Name, Checksums(gradient));
    float[] velocity = new float[trained.Value.Length];
    device.SgdStep(new SgdStep(0.1f, 0.9f, 1e-4f, true), trained.Value.Span, trained.Gradient.Span, velocity);
}

foreach (Parameter parameter in graph.Parameters)
{
    PrintNumbers("parameter." + parameter.Name, Checksums(parameters.Export(parameter.Name)));
}

using var inference = new InferenceSession(graph, parameters, batch);
input.CopyTo(inference.Input);
PrintNumbers("outputs", inference.Run(batch));

// The sum of magnitudes gives the scale; sums with seeded signs see every value and its place.
static float[] Checksums(float[] values)
{
    var signs = CounterRandom.FromCounter(5);
    double magnitudes = 0;
    double first = 0;
    double second = 0;
    foreach (float value in values)
    {
        magnitudes += Math.Abs(value);
        first += (signs.NextUInt64() >> 63) == 0 ? value : -value;
        second += (signs.NextUInt64() >> 63) == 0 ? value : -value;
    }

    return [(float)magnitudes, (float)first, (float)second];
}

static void PrintNumbers(string name, ReadOnlySpan<float> values)
{
    Console.Write(name);
    foreach (float value in values)
    {
        Console.Write(" " + value.ToString("R", CultureInfo.InvariantCulture));
    }

    Console.WriteLine();
}

static void Print(string name, object value) => Console.WriteLine(name + " " + Convert.ToString(value, CultureInfo.InvariantCulture));
