namespace MLClassify.Common.Tests;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["train", "tune", "evaluate", "pretrained", "embedded", "resnet18", "resnet152"];

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("Train", "train")]
    [InlineData("evalute", "evaluate")]
    [InlineData("pretrianed", "pretrained")]
    [InlineData("embeded", "embedded")]
    [InlineData("resnet15", "resnet18")]
    [InlineData("flowers.safetensors", null)]
    [InlineData("", null)]
    [InlineData("x", null)]
    public void Find_Misspelt_IsTheNearestIfItIsNear(string name, string? expected) => Assert.Equal(expected, NearestName.Find(name, Known));

    [Fact]
    public void Find_LongText_TakesNoTime() => Assert.Null(NearestName.Find(new string('x', 1_000_000), Known));
}
