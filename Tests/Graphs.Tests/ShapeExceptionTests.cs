using MLClassify.Graphs.Operators;

namespace MLClassify.Graphs.Tests;

public class ShapeExceptionTests
{
    private static readonly Dictionary<string, Func<GraphBuilder, Node>> Mistakes = new()
    {
        ["Convolution 'x': expected input and output channels divisible by 4 groups, got 6 and 8."] = b => b.Convolution(b.Input, "x", 8, 3, groups: 4),
        ["Convolution 'x': expected input and output channels divisible by 3 groups, got 6 and 8."] = b => b.Convolution(b.Input, "x", 8, 3, groups: 3),
        ["Convolution 'x': expected a padded input of at least 11 x 11, got 9 x 7 from [9, 7, 6]."] = b => b.Convolution(b.Input, "x", 8, 11),
        ["Linear 'x': expected at least 1 output, got 0."] = b => b.Linear(b.GlobalAveragePool(b.Input, "pool"), "x", 0),
        ["MaxPool 'x': expected a padded input of at least 8 x 8, got 9 x 7 from [9, 7, 6]."] = b => b.MaxPool(b.Input, "x", 8, 1),
        ["AdaptiveAveragePool 'x': expected an output of at least 1 x 1, got 0 x 3."] = b => b.AdaptiveAveragePool(b.Input, "x", 0, 3),
        ["Add 'x': expected two maps of [9, 7, 6], got [1, 1, 6]."] = b => b.Add(b.Input, b.GlobalAveragePool(b.Input, "pool"), "x"),
        ["Concat 'x': expected maps of 9 x 7, got [1, 1, 6]."] = b => b.Concat([b.Input, b.GlobalAveragePool(b.Input, "pool")], "x"),
        ["Concat 'x': expected at least 2 inputs, got 1."] = b => b.Concat([b.Input], "x"),
        ["PadChannels 'x': expected at least 0 channels on each side, got -1 and 2."] = b => b.PadChannels(b.Input, "x", -1, 2),
        ["Scale 'x': expected factors of [1, 1, 6], got [9, 7, 6]."] = b => b.Scale(b.Input, b.Input, "x"),
        ["LocalResponseNorm 'x': expected an odd size of at least 1, got 4."] = b => b.LocalResponseNorm(b.Input, "x", 4),
        ["Dropout 'x': expected a probability in [0, 1), got 1."] = b => b.Dropout(b.Input, "x", 1),
        ["Relu 'x': expected 1 input(s), got 2."] = b => b.Append("x", new ReluOperator(float.PositiveInfinity), [b.Input, b.Input], []),
        ["Linear 'x': expected a feature vector [1, 1, F], got [9, 7, 6]."] = b => b.Append("x", new LinearOperator(3), [b.Input], []),
    };

    public static TheoryData<string> Messages => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Append_WrongShapes_NamesOperatorNodeExpectationAndFinding(string message)
    {
        var builder = GraphBuilder.For("wrong", new Shape(9, 7, 6));
        Assert.Equal(message, Assert.Throws<ShapeException>(() => Mistakes[message](builder)).Message);
    }

    [Fact]
    public void For_EmptyInput_Throws() =>
        Assert.Equal("Input 'input': expected sides of at least 1, got [0, 7, 6].", Assert.Throws<ShapeException>(() => GraphBuilder.For("wrong", new Shape(0, 7, 6))).Message);
}
