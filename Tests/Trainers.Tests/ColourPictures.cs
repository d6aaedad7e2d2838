using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Tests.Shared;

/// <summary>A folder of small pictures whose classes are colours: learnt in a few steps. Deleted at the end.</summary>
internal sealed class ColourPictures : IDisposable
{
    private static readonly (string Name, int Red, int Green, int Blue)[] Colours = [("blue", 40, 60, 200), ("green", 40, 180, 60), ("red", 200, 50, 40)];

    /// <summary>Writes <c>class/N.png</c>, and as JPEG where N is odd.</summary>
    /// <param name="perClass">Pictures of each class.</param>
    /// <param name="classes">1 to 3.</param>
    public ColourPictures(int perClass = 8, int classes = 3)
    {
        var random = new Random(1);
        foreach ((string name, int red, int green, int blue) in Colours.Take(classes))
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
            for (int i = 0; i < perClass; i++)
            {
                ImageEncoder.Save(Path.Combine(Root, name, $"{i}.{(i % 2 == 0 ? "png" : "jpg")}"), Paint(random, red, green, blue));
            }
        }
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mlclassify-colours-").FullName;

    public string this[string relative] => Path.Combine(Root, relative);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static Image Paint(Random random, int red, int green, int blue)
    {
        var image = new Image(40 + random.Next(12), 40 + random.Next(12));
        int[] colour = [red, green, blue];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(colour[i % 3] + random.Next(-30, 31));
        }

        return image;
    }
}
