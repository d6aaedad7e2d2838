using MLClassify.Imaging;
using MLClassify.Imaging.Encoding;

namespace MLClassify.Testing;

/// <summary>A temporary folder of small images whose classes are colors: learned in a few steps.</summary>
public sealed class ColorImageFolder : TemporaryFolder
{
    private static readonly (string Name, int Red, int Green, int Blue)[] Colors = [("blue", 40, 60, 200), ("green", 40, 180, 60), ("red", 200, 50, 40)];

    /// <summary>Writes <c>class/N.png</c>, and as JPEG where N is odd.</summary>
    /// <param name="perClass">Images of each class.</param>
    /// <param name="classes">1 to 3.</param>
    public ColorImageFolder(int perClass = 8, int classes = 3)
    {
        var random = new Random(1);
        foreach ((string name, int red, int green, int blue) in Colors.Take(classes))
        {
            Directory.CreateDirectory(this[name]);
            for (int i = 0; i < perClass; i++)
            {
                ImageEncoder.Save(this[$"{name}/{i}.{(i % 2 == 0 ? "png" : "jpg")}"], Paint(random, red, green, blue));
            }
        }
    }

    private static Image Paint(Random random, int red, int green, int blue)
    {
        var image = new Image(40 + random.Next(12), 40 + random.Next(12));
        int[] color = [red, green, blue];
        for (int i = 0; i < image.Pixels.Length; i++)
        {
            image.Pixels[i] = (byte)(color[i % 3] + random.Next(-30, 31));
        }

        return image;
    }
}
