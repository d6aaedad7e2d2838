using System.Runtime.CompilerServices;
using MLClassify.Engines.Cpu.Kernels.Simd;
using MLClassify.Engines.Cpu.Kernels.Threading;

namespace MLClassify.Engines.Cpu.Kernels;

/// <summary>Optimizer updates in one pass over the parameter, its gradient and its state.</summary>
/// <typeparam name="TSimd">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
internal static unsafe class OptimizerKernels<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int ItemValues = 16384;

    /// <summary>Gradient descent with momentum.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="step">Rates.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="velocity">The momentum's state, or null when the momentum is 0.</param>
    /// <param name="count">Values.</param>
    public static void Sgd(ThreadTeam team, in SgdStep step, float* values, float* gradients, float* velocity, long count)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new SgdWork { Step = step, Values = values, Gradients = gradients, Velocity = velocity, Count = count };
        team.Run(ref work, checked((int)((count + ItemValues - 1) / ItemValues)));
    }

    /// <summary>Adam and AdamW.</summary>
    /// <param name="team">The threads that compute.</param>
    /// <param name="step">Rates.</param>
    /// <param name="values">The parameter.</param>
    /// <param name="gradients">Its gradient.</param>
    /// <param name="first">The first moment's state.</param>
    /// <param name="second">The second moment's state.</param>
    /// <param name="count">Values.</param>
    public static void Adam(ThreadTeam team, in AdamStep step, float* values, float* gradients, float* first, float* second, long count)
    {
        ArgumentNullException.ThrowIfNull(team);
        var work = new AdamWork { Step = step, Values = values, Gradients = gradients, First = first, Second = second, Count = count };
        team.Run(ref work, checked((int)((count + ItemValues - 1) / ItemValues)));
    }

    private struct SgdWork : IParallelWork
    {
        public SgdStep Step;
        public float* Values;
        public float* Gradients;
        public float* Velocity;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            long i = (long)item * ItemValues;
            long end = Math.Min(Count, i + ItemValues);
            for (; i <= end - TSimd.Width; i += TSimd.Width)
            {
                Update<TSimd, TVector>(i);
            }

            for (; i < end; i++)
            {
                Update<SimdScalar, float>(i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Update<TWidth, TWide>(long i)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide w = TWidth.Load(Values + i);
            TWide gradient = TWidth.MultiplyAdd(TWidth.Broadcast(Step.WeightDecay), w, TWidth.Load(Gradients + i));
            TWide direction = gradient;
            if (Velocity is not null)
            {
                TWide momentum = TWidth.Broadcast(Step.Momentum);
                TWide v = TWidth.MultiplyAdd(momentum, TWidth.Load(Velocity + i), gradient);
                TWidth.Store(v, Velocity + i);
                direction = Step.Nesterov ? TWidth.MultiplyAdd(momentum, v, gradient) : v;
            }

            TWidth.Store(TWidth.MultiplyAdd(TWidth.Broadcast(-Step.LearningRate), direction, w), Values + i);
        }
    }

    private struct AdamWork : IParallelWork
    {
        public AdamStep Step;
        public float* Values;
        public float* Gradients;
        public float* First;
        public float* Second;
        public long Count;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int item, int worker)
        {
            long i = (long)item * ItemValues;
            long end = Math.Min(Count, i + ItemValues);
            for (; i <= end - TSimd.Width; i += TSimd.Width)
            {
                Update<TSimd, TVector>(i);
            }

            for (; i < end; i++)
            {
                Update<SimdScalar, float>(i);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Update<TWidth, TWide>(long i)
            where TWidth : struct, ISimd<TWide>
            where TWide : struct
        {
            TWide w = TWidth.Load(Values + i);
            TWide g = TWidth.Load(Gradients + i);
            if (Step.Decoupled)
            {
                w = TWidth.Multiply(w, TWidth.Broadcast(1 - (Step.LearningRate * Step.WeightDecay)));
            }
            else
            {
                g = TWidth.MultiplyAdd(TWidth.Broadcast(Step.WeightDecay), w, g);
            }

            TWide m = TWidth.MultiplyAdd(TWidth.Broadcast(Step.Beta1), TWidth.Load(First + i), TWidth.Multiply(TWidth.Broadcast(1 - Step.Beta1), g));
            TWide v = TWidth.MultiplyAdd(TWidth.Broadcast(Step.Beta2), TWidth.Load(Second + i), TWidth.Multiply(TWidth.Broadcast(1 - Step.Beta2), TWidth.Multiply(g, g)));
            TWidth.Store(m, First + i);
            TWidth.Store(v, Second + i);
            TWide root = TWidth.Multiply(TWidth.Sqrt(v), TWidth.Broadcast(1 / MathF.Sqrt(Step.Correction2)));
            TWide quotient = TWidth.Divide(m, TWidth.Add(root, TWidth.Broadcast(Step.Epsilon)));
            TWidth.Store(TWidth.MultiplyAdd(TWidth.Broadcast(-Step.LearningRate / Step.Correction1), quotient, w), Values + i);
        }
    }
}
