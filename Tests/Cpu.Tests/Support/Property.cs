using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace MLClassify.Engines.Cpu.Tests.Support;

/// <summary>Runs a property on generated values, the same ones in every run.</summary>
internal static class Property
{
    public static void Holds<T>(Gen<T> values, Action<T> property)
    {
        var replay = new Replay(new Rnd(20260102), FSharpOption<int>.None);
        Prop.ForAll(values.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithReplay(FSharpOption<Replay>.Some(replay)));
    }
}
