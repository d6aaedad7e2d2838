namespace MLClassify.Datasets.Tests;

public sealed class ToStringTests
{
    [Fact]
    public void ImageSample_Text_IsFileAndLabel() => Assert.Equal("red/0.png (label 2)", new ImageSample("red/0.png", 2).ToString());

    [Fact]
    public void ImageDataset_Text_CountsImagesAndNamesClasses()
    {
        var dataset = new ImageDataset(["blue", "red"], [new ImageSample("a.png", 0), new ImageSample("b.png", 1), new ImageSample("c.png", 1)]);
        Assert.Equal("3 images in 2 classes (blue, red)", dataset.ToString());
    }

    [Fact]
    public void ImageDataset_ManyClasses_NamesTheFirst()
    {
        var dataset = new ImageDataset("abcdefghij".Select(name => $"{name}"), []);
        Assert.Equal("0 images in 10 classes (a, b, c, d, e, f, g, h and 2 more)", dataset.ToString());
    }

    [Fact]
    public void ImageFolder_Text_NamesParts()
    {
        using var images = new ColorImageFolder();
        Assert.Equal($"{Path.GetFileName(images.Root)}: 24 images in 3 classes", ImageFolder.Open(images.Root).ToString());
        foreach (string part in (string[])["train", "val", "test"])
        {
            foreach (string name in (string[])["blue", "red"])
            {
                Directory.CreateDirectory(images[$".parts/{part}/{name}"]);
                File.Copy(images[$"{name}/0.png"], images[$".parts/{part}/{name}/0.png"]);
            }
        }

        File.WriteAllText(images[".parts/train/red/notes.doc"], "");
        Assert.Equal(".parts: 2 images in 2 classes, 2 for validation, 2 for testing, 1 ignored", ImageFolder.Open(images[".parts"]).ToString());
    }
}
