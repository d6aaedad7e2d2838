using System.CommandLine;
using MLClassify.Benchmarks.Measuring;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Benchmarks.Commands;

/// <summary>Options that several commands share.</summary>
internal static class Options
{
    /// <summary>A whole number in a range.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it says.</param>
    /// <param name="value">Its default.</param>
    /// <param name="minimum">Its smallest value.</param>
    /// <param name="maximum">Its largest value.</param>
    public static Option<int> Integer(string name, string description, int value, int minimum, int maximum)
    {
        var option = new Option<int>(name) { Description = $"{description} Default {value}.", HelpName = "N", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out int given) && (given < minimum || given > maximum))
            {
                result.AddError($"{name}: expected {minimum} to {maximum}, got {given}");
            }
        });
        return option;
    }

    /// <summary>The batch.</summary>
    public static Option<int> Batch() => Integer("--batch", "Images in a batch.", 32, 1, 4096);

    /// <summary>Threads that compute.</summary>
    public static Option<int> Threads() => Integer("--threads", "Threads that compute.", 2, 1, 1024);

    /// <summary>The vector width.</summary>
    public static Option<string?> Level()
    {
        var option = new Option<string?>("--level") { Description = "Vectors to use. Default: the widest that the processor has.", HelpName = string.Join('|', SimdLevels.Names) };
        option.AcceptOnlyFromAmong([.. SimdLevels.Names]);
        return option;
    }

    /// <summary>The vector width that was asked for.</summary>
    /// <param name="name">Its name, or null for the widest.</param>
    /// <exception cref="UsageException">This processor does not have it.</exception>
    public static SimdLevel ResolveLevel(string? name)
    {
        SimdLevel level = name is null ? SimdSupport.Best : SimdLevels.Parse(name);
        return SimdSupport.IsSupported(level) ? level : throw new UsageException($"this processor does not have --level {name}");
    }
}
