using MLClassify.Common;

namespace MLClassify.Datasets;

/// <summary>
/// The datasets that can be fetched. Sizes and SHA-256 are those that TensorFlow Datasets records (<c>checksums.tsv</c> of
/// <c>tf_flowers</c>, <c>oxford_iiit_pet</c>, <c>fashion_mnist</c>), for CIFAR-10's binary version those of several independent loaders; the
/// MD5 are those of the authors' pages (CIFAR-10, Fashion-MNIST) or of torchvision (pets).
/// </summary>
public static class DatasetCatalog
{
    // "T-shirt/top" has a slash, which becomes a dash in the folder's name.
    private static readonly string[] FashionClasses =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<DatasetDefinition> All { get; } = [Cifar10(), FashionMnist(), Flowers(), OxfordPets()];

    /// <summary>Finds a dataset.</summary>
    /// <param name="name">Its name, in either letter case.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static DatasetDefinition Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(dataset => dataset.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no dataset '{name}'{(NearestName.Find(name, All.Select(dataset => dataset.Name)) is { } nearest ? $", perhaps {nearest}" : "")}; there are {string.Join(", ", All.Select(dataset => dataset.Name))}.");
    }

    private static DatasetDefinition Flowers() => new()
    {
        Name = "flowers",
        Description = "TensorFlow's flowers: 3,670 photos of 5 kinds, 218 MiB",
        Page = new Uri("https://www.tensorflow.org/datasets/catalog/tf_flowers"),
        License = "photos under CC BY 2.0; LICENSE.txt names the photographers",
        Files =
        [
            new("flower_photos.tgz", new Uri("https://storage.googleapis.com/download.tensorflow.org/example_images/flower_photos.tgz"),
                228_813_984, "4c54ace7911aaffe13a365c34f650e71dd5bf1be0a58b464e5a7183e3e595d9c"),
        ],
        Unpack = DatasetLayouts.Flowers,
    };

    private static DatasetDefinition OxfordPets() => new()
    {
        Name = "oxford-pets",
        Description = "Oxford-IIIT pets: 7,349 photos of 37 breeds with the authors' split, 773 MiB",
        Page = new Uri("https://www.robots.ox.ac.uk/~vgg/data/pets/"),
        License = "CC BY-SA 4.0; the photos' copyright stays with their owners",
        Files =
        [
            new("images.tar.gz", new Uri("https://thor.robots.ox.ac.uk/pets/images.tar.gz"),
                791_918_971, "67195c5e1c01f1ab5f9b6a5d22b8c27a580d896ece458917e61d459337fa318d") { Md5 = "5c4f3ee8e5d25df40f4fd59a7f44e54c" },
            new("annotations.tar.gz", new Uri("https://thor.robots.ox.ac.uk/pets/annotations.tar.gz"),
                19_173_078, "52425fb6de5c424942b7626b428656fcbd798db970a937df61750c0f1d358e91") { Md5 = "95a8c909bbe2e81eed6a22bccdf3f68f" },
        ],
        Unpack = DatasetLayouts.OxfordPets,
    };

    private static DatasetDefinition Cifar10() => new()
    {
        Name = "cifar10",
        Description = "CIFAR-10: 60,000 images of 32 x 32 pixels, 10 classes, the authors' split, 162 MiB",
        Page = new Uri("https://www.cs.toronto.edu/~kriz/cifar.html"),
        License = "none given; the authors ask to cite Krizhevsky 2009, \"Learning multiple layers of features from tiny images\"",
        Files =
        [
            new("cifar-10-binary.tar.gz", new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"),
                170_052_171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd") { Md5 = "c32a1d4ab5d03f1284b67883e8d87530" },
        ],
        Unpack = DatasetLayouts.Cifar,
    };

    private static DatasetDefinition FashionMnist()
    {
        // The authors' repository; their other address has no https.
        var folder = new Uri("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/");
        DatasetFile File(string name, long bytes, string sha256, string md5) => new(name, new Uri(folder, name), bytes, sha256) { Md5 = md5 };
        return new DatasetDefinition
        {
            Name = "fashion-mnist",
            Description = "Fashion-MNIST: 70,000 gray images of 28 x 28 pixels, 10 classes, the authors' split, 29 MiB",
            Page = new Uri("https://github.com/zalandoresearch/fashion-mnist"),
            License = "MIT, Zalando SE",
            Files =
            [
                File("train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
                File("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", "25c81989df183df01b3e8a0aad5dffbe"),
                File("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", "bef4ecab320f06d8554ea6380940ec79"),
                File("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", "bb300cfdad3c16e7a12a480ee83cd310"),
            ],
            Unpack = (files, writer, cancellationToken) => DatasetLayouts.Idx(files, FashionClasses, writer, cancellationToken),
        };
    }
}
