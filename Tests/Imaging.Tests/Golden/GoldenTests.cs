using System.Security.Cryptography;

namespace MLClassify.Imaging.Tests.Golden;

public class GoldenTests
{
    public static TheoryData<string> Names => new(GoldenFiles.All.Select(file => file.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_GoldenFile_GivesPillowsPixels(string name)
    {
        GoldenFile expected = GoldenFiles.All.Single(file => file.Name == name);

        Image image = Image.Load(GoldenFiles.Path(name));

        Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
        Assert.Equal(expected.Sha256, Convert.ToHexStringLower(SHA256.HashData(image.Pixels)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_EveryPrefixOfAGoldenFile_GivesAnImageOrAClearError(string name)
    {
        byte[] file = GoldenFiles.Read(name);

        for (int length = 0; length < file.Length; length += 1 + (file.Length / 500))
        {
            Hostile.DecodeOrRefuse(file.AsSpan(0, length));
        }
    }
}
