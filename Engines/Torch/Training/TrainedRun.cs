using MLClassify.Engines.Torch.Parameters;
using MLClassify.Graphs;
using TorchSharp;
using static TorchSharp.torch;

namespace MLClassify.Engines.Torch.Training;

/// <summary>
/// Neighbors among the trained parameters, in the store and in the gradients: an optimizer treats them as one. Rates that differ
/// between their groups are a factor for each value.
/// </summary>
internal sealed class TrainedRun : IDisposable
{
    private TrainedRun(Tensor values, Tensor gradients, Tensor? rates, Tensor? decays, double rate, double decay)
    {
        (Values, Gradients, Rates, Decays, Rate, Decay) = (values, gradients, rates, decays, rate, decay);
    }

    /// <summary>The values, a part of the store's.</summary>
    public Tensor Values { get; }

    /// <summary>Their gradients.</summary>
    public Tensor Gradients { get; }

    /// <summary>Each value's learning rate where the schedule's factor is 1; null where all have <see cref="Rate"/>.</summary>
    public Tensor? Rates { get; }

    /// <summary>Each value's weight decay; null where all have <see cref="Decay"/>.</summary>
    public Tensor? Decays { get; }

    /// <summary>The learning rate of all.</summary>
    public double Rate { get; }

    /// <summary>The weight decay of all.</summary>
    public double Decay { get; }

    /// <summary>Whether a value is decayed at all.</summary>
    public bool HasDecay => Decays is not null || Decay != 0;

    /// <summary>Finds the runs.</summary>
    /// <param name="store">The values.</param>
    /// <param name="trained">The trained parameters in the graph's order.</param>
    /// <param name="layout">Where their gradients lie.</param>
    /// <param name="gradients">The gradients.</param>
    /// <param name="groups">Each parameter's group.</param>
    public static TrainedRun[] Of(
        TorchParameterStore store, IReadOnlyList<Parameter> trained, ParameterLayout layout, Tensor gradients, IReadOnlyDictionary<string, ParameterGroup> groups)
    {
        var runs = new List<TrainedRun>();
        int first = 0;
        for (int i = 1; i <= trained.Count; i++)
        {
            if (i == trained.Count || store.Layout.OffsetOf(trained[i]) != store.Layout.OffsetOf(trained[i - 1]) + ParameterLayout.Padded(trained[i - 1]))
            {
                runs.Add(Create(store, [.. trained.Skip(first).Take(i - first)], layout, gradients, groups));
                first = i;
            }
        }

        return [.. runs];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
        Rates?.Dispose();
        Decays?.Dispose();
    }

    private static TrainedRun Create(
        TorchParameterStore store, Parameter[] run, ParameterLayout layout, Tensor gradients, IReadOnlyDictionary<string, ParameterGroup> groups)
    {
        long length = run.Sum(ParameterLayout.Padded);
        Tensor values = store.Flat.narrow(0, store.Layout.OffsetOf(run[0]), length).DetachFromDisposeScope();
        Tensor own = gradients.narrow(0, layout.OffsetOf(run[0]), length).DetachFromDisposeScope();
        ParameterGroup[] of = [.. run.Select(p => groups[p.Name])];
        return new TrainedRun(
            values,
            own,
            Each(run, [.. of.Select(g => g.LearningRate)], store.Device.Handle),
            Each(run, [.. of.Select(g => g.WeightDecay)], store.Device.Handle),
            of[0].LearningRate,
            of[0].WeightDecay);
    }

    private static Tensor? Each(Parameter[] run, double[] factors, Device device)
    {
        if (factors.All(f => f == factors[0]))
        {
            return null;
        }

        float[] each = new float[run.Sum(ParameterLayout.Padded)];
        int done = 0;
        foreach ((Parameter parameter, double factor) in run.Zip(factors))
        {
            int count = (int)ParameterLayout.Padded(parameter);
            each.AsSpan(done, count).Fill((float)factor);
            done += count;
        }

        using Tensor host = HostTensors.From(each, each.Length);
        return host.to(device, copy: true).DetachFromDisposeScope();
    }
}
