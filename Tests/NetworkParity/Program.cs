using System.Globalization;
using System.Text.Json;
using MLClassify.Engines.Cpu;
using MLClassify.NetworkParity;
using MLClassify.Networks.Tests.Parity;

// Reads what make_parity.py dumped of a network, computes the same here, and prints one row of docs/parity.md: the largest relative
// difference of each kind, and in brackets PyTorch's own in float32. Networks.Tests/Parity/compare.sh calls it.
if (args.Length != 1 || !Directory.Exists(args[0]))
{
    Console.Error.WriteLine("usage: NetworkParity FOLDER, which make_parity.py --dump has written");
    return 2;
}

string folder = args[0];
var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
ParityCase expected = JsonSerializer.Deserialize<ParityCase>(File.ReadAllText(Path.Combine(folder, "case.json")), options)!;
using var engine = new CpuEngine();
using var run = new ParityRun(expected, engine);
float[] outputs = run.Evaluate();
double output = outputs.Select((y, i) => Math.Abs(y - expected.Outputs[i])).Max() / expected.Outputs.Max(Math.Abs);
double loss = 0;
var gradients = new Comparison(Path.Combine(folder, "gradients.f32"));
for (int step = 0; step < expected.Losses.Length; step++)
{
    loss = Math.Max(loss, Math.Abs((run.Step() / expected.Losses[step]) - 1));
    if (step == 0)
    {
        gradients.Add(run.Gradients());
    }
}

var momentum = new Comparison(Path.Combine(folder, "momentum.f32"));
momentum.Add(run.Momenta());
var weights = new Comparison(Path.Combine(folder, "weights.f32"));
weights.Add(run.Weights());

(double Found, double Own)[] columns =
[
    (output, expected.Own[0]),
    (loss, expected.Own[1]),
    (gradients.LargestRelative(Comparison.Zero), expected.Own[2]),
    (momentum.LargestRelative(0), expected.Own[3]),
    (weights.LargestRelative(0), expected.Own[4]),
];
string size = FormattableString.Invariant($"{expected.Batch} of {expected.Height}x{expected.Width}");
string cells = string.Join(" | ", columns.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Found:0.0e-0} ({c.Own:0.0e-0})")));
string zeros = FormattableString.Invariant($"{gradients.ZeroCount(Comparison.Zero)} of {gradients.Count}");
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {expected.Network} | {size} | {cells} | {zeros} | {expected.Margin:0.0e-0} |"));
Console.Error.WriteLine($"{expected.Network}: gradients {gradients.Worst(Comparison.Zero)}, momentum {momentum.Worst(0)}, weights {weights.Worst(0)}");

bool isWithin = columns[0].Found <= 1e-4 && columns.Skip(1).All(c => c.Found <= 1e-3) && gradients.LargestZero(Comparison.Zero) <= 1e-4;
return isWithin ? 0 : 1;
