using MLClassify.Engines.Cpu.Passes;
using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.Engines.Cpu.Tests.Passes;

public class ChainConcatenationsTests
{
    private readonly GraphBuilder _builder = GraphBuilder.For("chain", new Shape(4, 4, 3));

    [Fact]
    public void Run_GrowingConcatenations_EachReadsTheOneBefore()
    {
        Node[] maps = Maps(4);
        Node first = _builder.Concat(maps[..2], "first");
        Node second = _builder.Concat(maps[..3], "second");
        Node third = _builder.Concat(maps, "third");
        Assert.Equal(["a b", "first c", "second d"], Inputs(first, second, third));
    }

    [Fact]
    public void Run_OldOnesInTheMiddleOrTwo_AreFound()
    {
        Node[] maps = Maps(4);
        Node left = _builder.Concat(maps[..2], "left");
        Node right = _builder.Concat(maps[2..], "right");
        Node both = _builder.Concat(maps, "both");
        Node middle = _builder.Concat([maps[3], .. maps[..2], maps[2]], "middle");
        Assert.Equal(["a b", "c d", "left right", "d left c"], Inputs(left, right, both, middle));
    }

    [Fact]
    public void Run_SameMapsAgain_StayAsTheyAre()
    {
        Node[] maps = Maps(3);
        Node first = _builder.Concat(maps[..2], "first");
        Node again = _builder.Concat(maps[..2], "again");
        Node turned = _builder.Concat([maps[1], maps[0], maps[2]], "turned");
        Assert.Equal(["a b", "a b", "b a c"], Inputs(first, again, turned));
    }

    [Fact]
    public void Run_NothingToChain_IsTheSameGraph()
    {
        Graph graph = _builder.Build(_builder.Concat(Maps(3), "concat"));
        Assert.Same(graph, ChainConcatenations.Run(graph));
    }

    private Node[] Maps(int count) => [.. "abcd"[..count].Select(name => _builder.Convolution(_builder.Input, name.ToString(), 2, 1))];

    // What the concatenations read after the pass.
    private string[] Inputs(params Node[] concatenations)
    {
        Node[] pooled = [.. concatenations.Select(n => _builder.GlobalAveragePool(n, n.Name + "_pool"))];
        Graph graph = ChainConcatenations.Run(_builder.Build(_builder.Concat(pooled, "output")));
        return [.. graph.Nodes.Where(n => n.Operator is ConcatOperator && n.Name != "output").Select(n => string.Join(' ', n.Inputs.Select(i => i.Name)))];
    }
}
