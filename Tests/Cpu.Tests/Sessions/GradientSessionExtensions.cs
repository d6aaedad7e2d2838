using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Sessions;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Tests;

internal static unsafe class GradientSessionExtensions
{
    extension(GradientSession session)
    {
        /// <summary>The logits of the last step, <c>[MaxBatch, classes]</c>, which no user of a session needs.</summary>
        public ReadOnlySpan<float> Logits
        {
            get
            {
                Node output = Graph(session).Output;
                return new(Runner(session).Value(output).Data, session.MaxBatch * output.Shape.Count);
            }
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_runner")]
    private static extern ref NodeRunner Runner(GradientSession session);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_graph")]
    private static extern ref Graph Graph(GradientSession session);
}
