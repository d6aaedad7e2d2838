using MLClassify.Engines.Cpu.Devices;
using MLClassify.Engines.Cpu.Memory;
using MLClassify.Engines.Cpu.Operators;
using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Sessions;

/// <summary>Carries out a <see cref="BackwardPlan"/>: what every session that computes gradients shares.</summary>
internal sealed unsafe class BackwardRunner(Graph graph, CpuDevice device, NodeRunner runner, BackwardPlan plan)
{
    /// <summary>Points every context's gradients at the runner's batch.</summary>
    public void SetBatch()
    {
        foreach (OperatorContext context in runner.Contexts)
        {
            Node node = context.Node;
            context.OutputGradient = runner.View(plan.Outputs[node.Index], node.Shape);
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                GradientRoute route = plan.Routes[node.Index][i];
                context.InputGradients[i] = new GradientTarget(runner.View(route.Target, node.Inputs[i].Shape), route.Accumulate);
            }
        }
    }

    /// <summary>Computes gradients from the output's on.</summary>
    /// <param name="after">The node whose users are the last to run; the graph's input unless given.</param>
    public void Run(int after = 0)
    {
        for (int index = graph.Nodes.Count - 1; index > after; index--)
        {
            Run(runner.Contexts[index]);
        }
    }

    private void Run(OperatorContext context)
    {
        if (context.OutputGradient.IsAbsent)
        {
            return;
        }

        Node node = context.Node;
        GradientRoute[] routes = plan.Routes[node.Index];
        for (int i = 0; i < routes.Length; i++)
        {
            GradientTarget target = context.InputGradients[i];
            if (routes[i].CopyFrom is { } source)
            {
                device.Copy(runner.View(source, target.View.Shape), target with { Accumulate = false });
            }

            if (context.Computation.PassesGradient && target.IsWanted && !routes[i].IsAlias)
            {
                TensorView dy = context.OutputGradient;
                Shape shape = target.View.Shape;
                device.Copy(context.Computation.IsView ? new TensorView(dy.Data, dy.Batch, shape, shape.Channels) : dy, target);
            }
        }

        context.Computation.Backward(context);
    }
}
