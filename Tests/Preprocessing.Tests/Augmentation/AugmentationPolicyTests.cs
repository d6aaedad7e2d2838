using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class AugmentationPolicyTests
{
    [Theory]
    [InlineData("none", 0, true)]
    [InlineData("flip", 1, false)]
    [InlineData("standard", 2, false)]
    public void Parse_KnownName_GivesThePolicy(string name, int steps, bool deterministic)
    {
        AugmentationPolicy policy = AugmentationPolicy.Parse(name);

        Assert.Equal(name, policy.Name);
        Assert.Equal(steps, policy.Geometric.Count);
        Assert.Equal(deterministic, policy.IsDeterministic);
    }

    [Fact]
    public void Parse_UnknownName_ThrowsWithTheKnownOnes()
    {
        var error = Assert.Throws<ArgumentException>(() => AugmentationPolicy.Parse("heavy"));

        Assert.Contains("'heavy'; expected none, flip, standard", error.Message, StringComparison.Ordinal);
    }
}
