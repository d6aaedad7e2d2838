using System.Diagnostics.CodeAnalysis;

namespace MLClassify.Trainers;

/// <summary>Runs the independent pieces of a computation on threads. A piece's result must not depend on the others.</summary>
internal static class HeadWorkers
{
    /// <summary>Runs the pieces.</summary>
    /// <param name="pieces">Their number.</param>
    /// <param name="threads">The most threads at a time; all cores when 0.</param>
    /// <param name="work">Computes the piece with a number.</param>
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "The engine's threads are behind its seam; the caller chooses the number, and no piece adds to what another writes")]
    public static void Run(int pieces, int threads, Action<int> work)
    {
        if (threads == 1 || pieces < 2)
        {
            for (int i = 0; i < pieces; i++)
            {
                work(i);
            }

            return;
        }

        Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads }, work);
    }
}
