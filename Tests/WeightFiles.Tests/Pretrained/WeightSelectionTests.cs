using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.WeightFiles.Tests.Pretrained;

public class WeightSelectionTests
{
    [Theory]
    [InlineData(null, WeightKind.Auto, null, "auto")]
    [InlineData("auto", WeightKind.Auto, null, "auto")]
    [InlineData("None", WeightKind.None, null, "none")]
    [InlineData("pretrained", WeightKind.Pretrained, null, "pretrained")]
    [InlineData("Pretrained:v2", WeightKind.Pretrained, "v2", "pretrained:v2")]
    [InlineData("pretrained:11ad3fa6", WeightKind.Pretrained, "11ad3fa6", "pretrained:11ad3fa6")]
    [InlineData("embedded", WeightKind.Embedded, null, "embedded")]
    [InlineData("package:Microsoft.ML.DnnImageFeaturizer.ResNet18", WeightKind.Package, "Microsoft.ML.DnnImageFeaturizer.ResNet18", "package:Microsoft.ML.DnnImageFeaturizer.ResNet18")]
    [InlineData("Package:A.b/0.23.1", WeightKind.Package, "A.b/0.23.1", "package:A.b/0.23.1")]
    [InlineData("./pretrained", WeightKind.File, "./pretrained", "pretrained")]
    [InlineData("some/folder/best.safetensors", WeightKind.File, "some/folder/best.safetensors", "best.safetensors")]
    [InlineData("pretrained.pth", WeightKind.File, "pretrained.pth", "pretrained.pth")]
    public void Parse_Text_IsUnderstood(string? text, WeightKind kind, string? value, string label)
    {
        WeightSelection selection = WeightSelection.Parse(text);

        Assert.Equal((kind, value), (selection.Kind, selection.Value));
        Assert.Equal(selection, WeightSelection.Parse(selection.ToString()));
        Assert.Equal(label, selection.Label);
    }

    [Fact]
    public void ToString_FileWithAWordsName_StaysAFile() =>
        Assert.Equal(WeightKind.File, WeightSelection.Parse(WeightSelection.File("pretrained").ToString()).Kind);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("pretrained:")]
    [InlineData("pretrained:../x")]
    [InlineData("package:")]
    [InlineData("package:../../x")]
    [InlineData("package:A.b/")]
    [InlineData("package:A.b/0.23.1/x")]
    [InlineData("package:A.b/..")]
    [InlineData("package:A b")]
    public void Parse_TextThatIsNothing_Throws(string text) => Assert.Throws<ArgumentException>(() => WeightSelection.Parse(text));
}
