using MLClassify.Engines.Cpu.Planning;
using MLClassify.Graphs;

namespace MLClassify.Engines.Cpu.Tests.Planning;

public class MicroBatchPlanTests
{
    [Fact]
    public void For_LargeMapsThenManyFilters_EndsBetween()
    {
        // Maps of 256 KiB with few filters, then a vector with a mebibyte of them, which parts would fetch again and again.
        var b = GraphBuilder.For("two halves", new Shape(64, 64, 16));
        Node x = b.Convolution(b.Input, "first", 16, 3, 1, 1);
        Node maps = b.Convolution(x, "second", 16, 3, 1, 1);
        Node vector = b.GlobalAveragePool(maps, "pool");
        Graph graph = b.Build(b.Linear(b.Linear(vector, "wide", 16384), "last", 16));

        MicroBatchPlan plan = MicroBatchPlan.For(graph, 16, 2 << 20);

        // A convolution reads and writes 512 KiB a sample: four samples fill two mebibytes.
        Assert.Equal(new MicroBatchPlan(vector.Index, 4), plan);
    }

    [Fact]
    public void For_EverythingFitsAtOnce_NoParts()
    {
        var b = GraphBuilder.For("small", new Shape(4, 4, 3));
        Graph graph = b.Build(b.Linear(b.GlobalAveragePool(b.Convolution(b.Input, "first", 8, 3, 1, 1), "pool"), "last", 5));

        Assert.Equal(MicroBatchPlan.None, MicroBatchPlan.For(graph, 32, 16 << 20));
    }

    [Fact]
    public void For_MapReadAgainLater_EndsOnlyWhereNothingIsOpen()
    {
        var b = GraphBuilder.For("residual", new Shape(8, 8, 4));
        Node x = b.Convolution(b.Input, "first", 4, 1);
        Node y = b.Convolution(x, "second", 4, 1);
        Node sum = b.Add(y, x, "sum");
        Graph graph = b.Build(b.Linear(b.GlobalAveragePool(sum, "pool"), "last", 4096));

        MicroBatchPlan plan = MicroBatchPlan.For(graph, 8, 1);

        Assert.NotEqual(y.Index, plan.LastNode);
        Assert.True(plan.LastNode >= sum.Index);
    }
}
