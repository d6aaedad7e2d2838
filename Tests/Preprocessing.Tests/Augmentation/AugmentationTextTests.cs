using System.Text.Json;
using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class AugmentationTextTests
{
    [Theory]
    [InlineData("crop,flip", "standard")]
    [InlineData("flip,crop", "flip,crop")]
    [InlineData("padcrop,flip", "cifar")]
    [InlineData("randomcrop,flip,pca:0.1", "alexnet")]
    [InlineData("crop,flip,trivial,erase:0.25", "strong")]
    [InlineData("standard,erase:0.25", "crop,flip,erase:0.25")]
    [InlineData("erase,crop:0.25", "crop:0.25,erase")]
    [InlineData("crop:0.08:1:0.75:2", "crop:0.08:1:0.75:2")]
    [InlineData(" Rotate : 15 : MEAN , FLIP:.5 ", "flip,rotate")]
    [InlineData("rotate:1.5e1:black", "rotate:15:black")]
    [InlineData("jitter:-0:0:0:0.5", "jitter:0:0:0:0.5")]
    [InlineData("STRONG", "strong")]
    [InlineData(
        "crop:0.25,flip,rotate:15,translate:0.1,jitter:0.4:0.4:0.4:0.1,pca:0.1,erase:0.25,trivial,padcrop:4,randomcrop",
        "crop:0.25,flip,randomcrop,rotate,translate,jitter,pca,erase:0.25,trivial,padcrop")]
    public void Parse_Text_HasACanonicalName(string text, string expected)
    {
        AugmentationPolicy policy = AugmentationPolicy.Parse(text);

        Assert.Equal(expected, policy.Name);
        Assert.Equal(policy, AugmentationPolicy.Parse(policy.Name));
        Assert.Equal(policy.GetHashCode(), AugmentationPolicy.Parse(policy.Name).GetHashCode());
    }

    [Theory]
    [InlineData("", "Unknown augmentation ''; expected none, flip, standard, strong, alexnet, cifar, or parts of crop, randomcrop")]
    [InlineData("crop,,flip", "Unknown augmentation '' (part 2 of 3)")]
    [InlineData("crop,", "(part 2 of 2)")]
    [InlineData("flip,rotat:15", "Unknown augmentation 'rotat:15' (part 2 of 2)")]
    [InlineData("none,flip", "'none' (part 1 of 2) is nothing and stands alone")]
    [InlineData("standard:0.5", "Unknown augmentation 'standard:0.5'")]
    [InlineData("rotate:200", "Augmentation 'rotate:200': degrees is '200'; expected 0 to 180.")]
    [InlineData("flip,rotate:-1", "'rotate:-1' (part 2 of 2): degrees is '-1'")]
    [InlineData("rotate:NaN", "degrees is 'NaN'")]
    [InlineData("rotate:Infinity", "degrees is 'Infinity'")]
    [InlineData("rotate:1e999", "degrees is '1e999'")]
    [InlineData("rotate:1,5", "Unknown augmentation '5'")]
    [InlineData("rotate:", "degrees is ''")]
    [InlineData("rotate:15:pink", "fill is 'pink'; expected mean or black.")]
    [InlineData("rotate:15:0", "fill is '0'")]
    [InlineData("rotate:15:black:1", "has 3 parameters; expected rotate[:degrees[:fill]].")]
    [InlineData("randomcrop:1", "has 1 parameters; expected randomcrop.")]
    [InlineData("padcrop:1.5", "pad is '1.5'; expected a whole number 0 to 256.")]
    [InlineData("padcrop:0x10", "pad is '0x10'")]
    [InlineData("crop:0", "min_scale is '0'; expected above 0, at most 1.")]
    [InlineData("crop:0.5:0.4", "The scale 0.5 to 0.4 is not a range within 0..1.")]
    [InlineData("erase:0.5:0.1:0.2:3:2", "The ratio 3 to 2 is not a range above 0.")]
    [InlineData("erase:1:0.1:0.2:1:1:red", "value is 'red'; expected mean or black or noise.")]
    [InlineData("jitter:0.4:0.4:0.4:0.6", "hue is '0.6'; expected 0 to 0.5.")]
    [InlineData("rotate:１５", "degrees is")]
    public void Parse_BadText_SaysWhatAndWhere(string text, string expected)
    {
        var error = Assert.Throws<ArgumentException>(() => AugmentationPolicy.Parse(text));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HugeTexts_AreRefusedInAShortMessage()
    {
        string[] texts = [new string('x', 100_000), new string('x', 8000), "rotate:" + new string('1', 8000), new string(',', 8000), "rotate" + new string(':', 8000)];
        foreach (string text in texts.Append(string.Join(',', Enumerable.Repeat("strong", 400))))
        {
            Assert.InRange(Assert.Throws<ArgumentException>(() => AugmentationPolicy.Parse(text)).Message.Length, 10, 400);
        }
    }

    // Any bytes: an ArgumentException or a policy that its name gives again.
    [Fact]
    public void Parse_MutatedTexts_ThrowNothingElse()
    {
        const string Seed = "crop:0.25:1,flip:0.5,rotate:15:black,jitter:0.4:0.4:0.4:0.1,erase:0.25:0.02:0.33:0.3:3.3:noise,padcrop:4";
        const string Letters = "0123456789.:,-+eE NaInfcropflk\0\u00e9\ud800";
        for (int i = 0; i < 5000; i++)
        {
            var random = new CounterRandom(12, 0, i);
            char[] text = Seed.ToCharArray();
            int changes = 1 + random.NextInt(3);
            for (int k = 0; k < changes; k++)
            {
                text[random.NextInt(text.Length)] = Letters[random.NextInt(Letters.Length)];
            }

            try
            {
                AugmentationPolicy policy = AugmentationPolicy.Parse(new string(text));
                Assert.Equal(policy, AugmentationPolicy.Parse(policy.Name));
            }
            catch (ArgumentException)
            {
            }
        }
    }

    [Fact]
    public void Parse_RandomCompositions_RoundTrip()
    {
        for (int i = 0; i < 2000; i++)
        {
            var random = new CounterRandom(13, 0, i);
            object[] steps = [.. Enumerable.Range(0, 1 + random.NextInt(AugmentationText.MaxSteps)).Select(_ => Draw(ref random))];
            AugmentationPolicy policy = AugmentationPolicy.Compose(steps.OfType<IGeometricAugmentation>(), steps.OfType<IPixelAugmentation>());

            AugmentationPolicy parsed = AugmentationPolicy.Parse(policy.Name);

            Assert.Equal(policy, parsed);
            Assert.Equal(policy.Name, parsed.Name);
            Assert.Equal(policy, JsonSerializer.Deserialize<AugmentationPolicy>(JsonSerializer.Serialize(policy)));
        }
    }

    [Fact]
    public void Known_NamesAndParts_AreWhatParseTakes()
    {
        Assert.Equal(["none", "flip", "standard", "strong", "alexnet", "cifar"], AugmentationPolicy.KnownNames.Select(n => n.Name));
        foreach (AugmentationSyntax name in AugmentationPolicy.KnownNames.Skip(1))
        {
            Assert.Same(AugmentationPolicy.Parse(name.Name), AugmentationPolicy.KnownPolicies.Single(p => p.Name == name.Name));
            Assert.Equal(name.Name, AugmentationPolicy.Parse(name.Syntax).Name);
        }

        foreach (AugmentationSyntax part in AugmentationPolicy.KnownParts)
        {
            Assert.Equal(part.Name, AugmentationPolicy.Parse(part.Name).Name);
            Assert.StartsWith(part.Name, part.Syntax, StringComparison.Ordinal);
            Assert.EndsWith(".", part.Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Document_NamesAndParts_AreTheCodes()
    {
        string document = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "augmentation.md"));

        Assert.All(AugmentationPolicy.KnownNames.Skip(1), n => Assert.Contains($"| `{n.Name}` | `{n.Syntax}` |", document, StringComparison.Ordinal));
        Assert.All(AugmentationPolicy.KnownParts, p => Assert.Contains($"| `{p.Syntax}` | ", document, StringComparison.Ordinal));
    }

    // A part's defaults are those of its type's constructor.
    [Fact]
    public void Parse_PartWithoutParameters_IsTheDefaultStep()
    {
        object[] expected =
        [
            new RandomResizedCrop(), new RandomCrop(), new RandomHorizontalFlip(), new PadCrop(), new RandomRotation(), new RandomTranslation(),
            new ColorJitter(), new PcaLighting(), new TrivialAugment(), new RandomErasing(),
        ];
        AugmentationPolicy policy = AugmentationPolicy.Parse(string.Join(',', AugmentationPolicy.KnownParts.Select(p => p.Name)));

        Assert.Equal(expected, policy.Geometric.Concat<object>(policy.Pixel));
    }

    private static object Draw(ref CounterRandom random)
    {
        AugmentationPart part = AugmentationParts.All[random.NextInt(AugmentationParts.All.Count)];
        double[] values = new double[part.Parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            AugmentationParameter parameter = part.Parameters[i];
            double top = Math.Min(parameter.Maximum, 1000);
            values[i] = parameter.Words is { } words ? random.NextInt(words.Length)
                : parameter.IsWhole ? random.NextInt((int)top + 1)
                : random.NextInt(4) == 0 ? parameter.Default
                : top * (1 - random.NextDouble());
        }

        // Ranges the right way round.
        for (int i = 0; i + 1 < values.Length; i++)
        {
            if (part.Parameters[i].Name.StartsWith("min_", StringComparison.Ordinal) && values[i] > values[i + 1])
            {
                (values[i], values[i + 1]) = (values[i + 1], values[i]);
            }
        }

        return part.Create(values);
    }
}
