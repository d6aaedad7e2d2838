namespace MLClassify.Datasets.Tests;

public sealed class TrainingImagesTests
{
    [Fact]
    public void Unseen_SameBytesUnderAnotherName_AreKnown()
    {
        TrainingImages seen = TrainingImages.Of(Dataset(0, 30));

        ImageDataset mixed = Dataset(20, 50, prefix: "copy/");

        Assert.Equal((30, 10), (seen.Count, seen.CountIn(mixed)));
        Assert.Equal(Enumerable.Range(30, 20).Select(i => $"copy/{i}"), seen.Unseen(mixed).Samples.Select(s => s.Path));
    }

    [Fact]
    public void Of_EqualAndUnreadableImages_CountOnceAndNot()
    {
        ImageDataset twice = new(["a"], [.. Dataset(0, 5).Samples, .. Dataset(0, 5, prefix: "again/").Samples, new ImageSample("no such file", 0)]);

        TrainingImages seen = TrainingImages.Of(twice);

        Assert.Equal((5, 10), (seen.Count, seen.CountIn(twice)));
        Assert.Equal("no such file", Assert.Single(seen.Unseen(twice).Samples).Path);
    }

    [Fact]
    public void Of_WithEarlierOnes_KnowsBoth()
    {
        TrainingImages seen = TrainingImages.Of(Dataset(10, 20), TrainingImages.Of(Dataset(0, 15)));

        Assert.Equal((20, 20), (seen.Count, seen.CountIn(Dataset(0, 40))));
    }

    [Fact]
    public void ToJson_Parsed_IsTheSame()
    {
        TrainingImages seen = TrainingImages.Of(Dataset(0, 100));

        string json = seen.ToJson();

        Assert.InRange(json.Length, 500, 600);
        Assert.Equal(json, TrainingImages.Parse(json).ToJson());
        Assert.Equal(100, TrainingImages.Parse(json).CountIn(Dataset(0, 200)));
    }

    // Of more images than are remembered, a part tells the share.
    [Fact]
    public void CountIn_MoreThanRemembered_IsAnEstimate()
    {
        TrainingImages seen = TrainingImages.Of(Dataset(0, 100_000));
        TrainingImages read = TrainingImages.Parse(seen.ToJson());

        // A share of 1/2 of 20,000 images, of which some 13,000 are told apart: a standard deviation of 0.5 / sqrt(13,000) is 88 images.
        Assert.InRange(read.CountIn(Dataset(90_000, 110_000)), 10_000 - 440, 10_000 + 440);
        Assert.InRange(read.Count, 99_990, 100_000);
        Assert.All(read.Unseen(Dataset(99_000, 101_000)).Samples, s => Assert.True(int.Parse(s.Path) >= 100_000));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"images\":1}")]
    [InlineData("{\"images\":1,\"sha256\":\"AAA=\"}")]
    [InlineData("{\"images\":0,\"sha256\":\"AAAAAA==\"}")]
    [InlineData("{\"images\":2,\"sha256\":\"AAAAAgAAAAE=\"}")]
    [InlineData("{\"images\":1,\"sha256\":7}")]
    public void Parse_SomethingElse_Throws(string json) => Assert.Throws<FormatException>(() => TrainingImages.Parse(json));

    private static ImageDataset Dataset(int from, int to, string prefix = "") =>
        new(["a"], Enumerable.Range(from, to - from).Select(i => ImageSample.FromBytes($"{prefix}{i}", BitConverter.GetBytes(i), 0)));
}
