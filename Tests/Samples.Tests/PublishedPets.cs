namespace MLClassify.Samples.Tests;

/// <summary>Two breeds as the authors of the Oxford-IIIT pets lay them out: the breed in the file's name, and a list of what is measured on.</summary>
internal static class PublishedPets
{
    /// <summary>Writes them.</summary>
    /// <param name="images">Blue and red images become great danes and pugs.</param>
    /// <returns>The folder: the first two images of each breed are measured on, the others learned from.</returns>
    public static string Write(ColorImageFolder images)
    {
        string folder = images[".pets"];
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        Directory.CreateDirectory(Path.Combine(folder, "annotations"));
        var lines = new List<string>();
        foreach ((string breed, string color) in ((string, string)[])[("great_dane", "blue"), ("pug", "red")])
        {
            foreach ((int i, string file) in Directory.GetFiles(images[color]).Order(StringComparer.Ordinal).Index())
            {
                File.Copy(file, Path.Combine(folder, "images", $"{breed}_{i}.jpg"));
                lines.Add($"{breed}_{i} 1 1 1");
            }
        }

        File.WriteAllLines(Path.Combine(folder, "annotations", "test.txt"), lines.Where(l => l.Contains("_0", StringComparison.Ordinal) || l.Contains("_1 ", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(folder, "images", "readme_first.jpg"), "no image of a breed");
        return folder;
    }
}
