namespace MLClassify.Trainers.Tests.Options;

public class ClassWeightsTests
{
    private static readonly string[] Classes = ["a", "b=c", "d"];

    [Fact]
    public void For_Balanced_GivesEveryClassTheSameTotal()
    {
        float[] weights = ClassWeights.Parse("balanced")!.For(Classes, [10, 40, 0]);
        Assert.Equal([2.5f, 0.625f, 1], weights);
    }

    [Fact]
    public void For_Named_LeavesOthersAtOne() => Assert.Equal([2, 0.5f, 1], ClassWeights.Parse("a=2,b=c=0.5")!.For(Classes, [1, 1, 1]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("none")]
    public void Parse_Nothing_IsNull(string? text) => Assert.Null(ClassWeights.Parse(text));

    [Theory]
    [InlineData("a")]
    [InlineData("a=")]
    [InlineData("=2")]
    [InlineData("a=-1")]
    [InlineData("a=nan")]
    [InlineData("a=1e999")]
    [InlineData("a=1,a=2")]
    public void Parse_NoWeights_SaysWhatIsExpected(string text)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => ClassWeights.Parse(text));
        Assert.Contains($"Class weights are '{text}'; expected balanced", e.Message);
    }

    [Fact]
    public void For_ClassMisspelt_NamesTheNearest()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ClassWeights.Parse("dasiy=2")!.For(["daisy", "rose"], [1, 1]));
        Assert.Contains("which is no class, perhaps daisy; there are daisy, rose", error.Message);
    }

    [Fact]
    public void For_UnknownClassOrAllZero_SaysSo()
    {
        Assert.Contains("name 'x', which is no class; there are a, b=c, d", Assert.Throws<ArgumentException>(() => ClassWeights.Parse("x=1")!.For(Classes, [1, 1, 1])).Message);
        Assert.Contains("every class 0", Assert.Throws<ArgumentException>(() => ClassWeights.Parse("a=0,b=c=0,d=0")!.For(Classes, [1, 1, 1])).Message);
    }
}
