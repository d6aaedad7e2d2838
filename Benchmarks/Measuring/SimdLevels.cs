using System.Runtime.Intrinsics;
using MLClassify.Engines.Cpu.Kernels.Simd;

namespace MLClassify.Benchmarks.Measuring;

/// <summary>Work that is compiled for each vector width.</summary>
/// <typeparam name="TResult">What it returns.</typeparam>
internal interface ILevelWork<TResult>
{
    /// <summary>Does the work at one width.</summary>
    /// <typeparam name="TSimd">The width.</typeparam>
    /// <typeparam name="TVector">Its vector.</typeparam>
    TResult Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}

/// <summary>The vector widths by the names that people know.</summary>
internal static class SimdLevels
{
    private static readonly (string Name, SimdLevel Level)[] Table =
    [
        ("avx512", SimdLevel.Vector512),
        ("avx2", SimdLevel.Vector256),
        ("sse", SimdLevel.Vector128),
        ("portable", SimdLevel.Scalar),
    ];

    /// <summary>All names, the widest first.</summary>
    public static IEnumerable<string> Names => Table.Select(row => row.Name);

    /// <summary>A width by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static SimdLevel Parse(string name) => Table.Single(row => row.Name == name).Level;

    /// <summary>A width's name.</summary>
    /// <param name="level">The width.</param>
    public static string NameOf(SimdLevel level) => Table.Single(row => row.Level == level).Name;

    /// <summary>Does work at a width that is known only now.</summary>
    /// <typeparam name="TResult">What it returns.</typeparam>
    /// <param name="level">The width.</param>
    /// <param name="work">The work.</param>
    public static TResult Run<TResult>(SimdLevel level, ILevelWork<TResult> work) => level switch
    {
        SimdLevel.Vector512 => work.Run<Simd512, Vector512<float>>(),
        SimdLevel.Vector256 => work.Run<Simd256, Vector256<float>>(),
        SimdLevel.Vector128 => work.Run<Simd128, Vector128<float>>(),
        _ => work.Run<SimdScalar, float>(),
    };
}
