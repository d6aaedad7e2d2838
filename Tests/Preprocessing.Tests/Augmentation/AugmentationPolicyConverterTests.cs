using System.Text.Json;
using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class AugmentationPolicyConverterTests
{
    [Fact]
    public void Serialize_Policy_IsItsText() =>
        Assert.Equal("\"flip,rotate:10\"", JsonSerializer.Serialize(AugmentationPolicy.Parse("rotate:10,flip")));

    [Fact]
    public void Serialize_OwnNameForKnownSteps_IsTheirText() =>
        Assert.Equal("\"flip\"", JsonSerializer.Serialize(new AugmentationPolicy("mine", [new RandomHorizontalFlip()])));

    [Fact]
    public void Serialize_StepOfAnotherType_Throws() =>
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Serialize(new AugmentationPolicy("mine", [new UnknownAugmentation()])));

    [Fact]
    public void Compose_StepOfAnotherType_Throws() => Assert.Throws<ArgumentException>(() => AugmentationPolicy.Compose([new UnknownAugmentation()]));

    [Theory]
    [InlineData("\"rotate:200\"", "0 to 180")]
    [InlineData("\"\"", "Unknown augmentation")]
    [InlineData("\"\\ud800\"", "")]
    [InlineData("17", "Number")]
    [InlineData("{}", "expected an augmentation's text")]
    public void Deserialize_BadValue_IsAJsonException(string json, string expected)
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<AugmentationPolicy>(json));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private sealed class UnknownAugmentation : IGeometricAugmentation
    {
        public ImageView Apply(ImageView view, int width, int height, ref CounterRandom random) => view;
    }
}
