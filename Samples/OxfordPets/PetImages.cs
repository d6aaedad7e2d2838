namespace MLClassify.Samples.OxfordPets;

/// <summary>
/// The pets as their authors publish them: <c>images/Abyssinian_1.jpg</c>, and <c>annotations/trainval.txt</c> and <c>test.txt</c>, which say
/// what is to be learned from (Parkhi et al. 2012, "Cats and dogs").
/// </summary>
internal static class PetImages
{
    /// <summary>Opens a folder with a subfolder a breed, or one as the authors publish it.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The images, and those to measure on at the end; null where the folder sets none apart.</returns>
    /// <exception cref="InvalidDatasetException">The folder is neither.</exception>
    public static (ImagePipeline Images, ImageDataset? Test) Open(string folder)
    {
        string files = Path.Combine(folder, "images");
        if (!Directory.Exists(files))
        {
            // With train/ and test/, as 'mlclassify data download' leaves them, a part of train/ is held out to choose the epoch by.
            ImagePipeline pipeline = ImageClassification.Load(folder);
            return pipeline.Folder is { Validation: null, Test: { } apart, Dataset: var learned } ? (ImageClassification.Load(learned), apart) : (pipeline, pipeline.Test);
        }

        (string Breed, string Path)[] all =
        [
            .. Directory.EnumerateFiles(files, "*.jpg").Select(path => (Breed: BreedOf(Path.GetFileNameWithoutExtension(path)), path)).Where(p => p.Breed.Length > 0),
        ];
        string[] breeds = [.. all.Select(p => p.Breed).Distinct().Order(StringComparer.Ordinal)];
        if (breeds.Length < 2)
        {
            throw new InvalidDatasetException($"{files} holds images of {breeds.Length} breeds; expected files such as Abyssinian_1.jpg of two or more");
        }

        var images = new ImageDataset(breeds, all.Select(p => new ImageSample(p.Path, Array.IndexOf(breeds, p.Breed))).OrderBy(s => s.Path, StringComparer.Ordinal));
        string list = Path.Combine(folder, "annotations", "test.txt");
        if (!File.Exists(list))
        {
            return (ImageClassification.Load(images), null);
        }

        // A line is an image's name, its breed's number, its species, its number within that.
        HashSet<string> test = [.. File.ReadLines(list).Select(line => line.Split(' ')[0])];
        bool IsTest(ImageSample sample) => test.Contains(Path.GetFileNameWithoutExtension(sample.Path));
        return (
            ImageClassification.Load(new ImageDataset(breeds, images.Samples.Where(s => !IsTest(s)))),
            new ImageDataset(breeds, images.Samples.Where(IsTest)));
    }

    private static string BreedOf(string name)
    {
        int end = name.LastIndexOf('_');
        return end > 0 && name.AsSpan(end + 1).ContainsAnyExceptInRange('0', '9') == false ? name[..end] : "";
    }
}
