using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace MLClassify.Testing;

/// <summary>Runs a property on generated values, the same ones in every run.</summary>
public static class Property
{
    /// <summary>Asserts that a property holds for many values.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="values">Makes them.</param>
    /// <param name="property">Asserts something about one of them.</param>
    public static void Holds<T>(Gen<T> values, Action<T> property)
    {
        var replay = new Replay(new Rnd(20260101), FSharpOption<int>.None);
        Prop.ForAll(values.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithReplay(FSharpOption<Replay>.Some(replay)));
    }
}
