using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Engines.Cpu.Tests;

/// <summary>
/// Runs the KernelLegs program with parts of the processor switched off: every leg must really use the width that it claims, and all
/// must agree. A switch that switches nothing fails here instead of passing silently.
/// </summary>
public class InstructionSetTests
{
    private static readonly Lazy<Leg> Unrestricted = new(() => Leg.Run(null));

    [Fact]
    public void Leg_NothingSwitchedOff_UsesWhatTheProcessorHas()
    {
        // This process may itself be restricted; the leg is not, and cannot have less.
        Assert.True(Unrestricted.Value.Level >= SimdSupport.Best, $"leg: {Unrestricted.Value.Level}, tests: {SimdSupport.Best}");
        Assert.Equal(Unrestricted.Value.Level == SimdLevel.Vector512, Unrestricted.Value.Accelerated("vector512"));
    }

    [Theory]
    [LegData("DOTNET_EnableAVX512", SimdLevel.Vector512, SimdLevel.Vector256)]
    [LegData("DOTNET_EnableAVX2", SimdLevel.Vector256, SimdLevel.Vector128)]
    [LegData("DOTNET_EnableHWIntrinsic", SimdLevel.Vector128, SimdLevel.Scalar)]
    internal void Leg_SwitchedOff_UsesNarrowerVectorsAndAgrees(string variable, SimdLevel expected)
    {
        Leg leg = Leg.Run(variable);

        Assert.Equal(expected, leg.Level);
        Assert.False(leg.Accelerated("vector512"));
        Assert.Equal(expected >= SimdLevel.Vector256, leg.Accelerated("vector256"));
        Assert.Equal(expected >= SimdLevel.Vector128, leg.Accelerated("vector128"));
        AssertAgree(Unrestricted.Value, leg);
    }

    private static void AssertAgree(Leg wide, Leg narrow)
    {
        Assert.Equal(wide.Numbers.Keys, narrow.Numbers.Keys);
        foreach ((string name, double[] expected) in wide.Numbers)
        {
            // A few thousand roundings of 2^-24 of the largest value: as in GradientCheck, 2e-5 of the scale leaves a margin of about ten.
            double[] actual = narrow.Numbers[name];
            double scale = expected.Max(Math.Abs);
            Assert.Equal(expected.Length, actual.Length);
            Assert.True(scale > 0, $"{name} is all zeros");
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 2e-5 * scale, $"{name}[{i}]: {expected[i]:R} at {wide.Level}, {actual[i]:R} at {narrow.Level}");
            }
        }
    }

    /// <summary>What the program printed.</summary>
    internal sealed class Leg
    {
        // Inherited switches would restrict legs that are meant to be free.
        private static readonly string[] Prefixes = ["DOTNET_Enable", "COMPlus_Enable", "DOTNET_PreferredVectorBitWidth", "DOTNET_MaxVectorTBitWidth"];

        private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

        public SimdLevel Level => Enum.Parse<SimdLevel>(_words["level"]);

        /// <summary>Everything that was computed.</summary>
        public Dictionary<string, double[]> Numbers { get; } = new(StringComparer.Ordinal);

        public bool Accelerated(string width) => bool.Parse(_words[width]);

        public static Leg Run(string? switchedOff)
        {
            string program = Path.Combine(AppContext.BaseDirectory, "MLClassify.KernelLegs.dll");
            string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
            var start = new ProcessStartInfo(File.Exists(host) ? host : "dotnet", ["exec", program]) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string name in start.Environment.Keys.Where(k => Prefixes.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToArray())
            {
                start.Environment.Remove(name);
            }

            if (switchedOff is not null)
            {
                start.Environment[switchedOff] = "0";
            }

            using Process process = Process.Start(start) ?? throw new InvalidOperationException(program);
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{switchedOff}: exit code {process.ExitCode}: {errors.Result}");
            return Parse(output);
        }

        private static Leg Parse(string output)
        {
            var leg = new Leg();
            foreach (string[] words in output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd().Split(' ')))
            {
                if (words[0] is "level" or "vector512" or "vector256" or "vector128")
                {
                    leg._words[words[0]] = words[1];
                }
                else
                {
                    leg.Numbers[words[0]] = [.. words.Skip(1).Select(w => double.Parse(w, CultureInfo.InvariantCulture))];
                }
            }

            return leg;
        }
    }

    /// <summary>One leg; skipped, with the reason, where there is nothing to switch off.</summary>
    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    private sealed class LegDataAttribute : Xunit.Sdk.DataAttribute
    {
        private readonly object[] _row;

        public LegDataAttribute(string variable, SimdLevel needed, SimdLevel expected)
        {
            _row = [variable, expected];
            if (Unrestricted.Value.Level < needed)
            {
                Skip = $"the processor has no {needed} to switch off: {Unrestricted.Value.Level}";
            }
            else if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            {
                Skip = $"the switch is for x64, not {RuntimeInformation.ProcessArchitecture}";
            }
        }

        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => [_row];
    }
}
