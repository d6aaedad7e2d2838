using System.Text;

namespace MLClassify.Datasets;

/// <summary>How each dataset's files are turned into class folders.</summary>
internal static class DatasetLayouts
{
    private const int LongestList = 1 << 22;

    /// <summary><c>flower_photos/CLASS/NAME.jpg</c> becomes <c>CLASS/NAME.jpg</c>; the license goes along.</summary>
    public static void Flowers(IReadOnlyList<string> files, DatasetWriter writer, CancellationToken cancellationToken) =>
        TarFiles.Read(files[0], (parts, content) =>
        {
            if (parts is [_, var className, var name] && ImageFileTypes.IsImage(name))
            {
                Copy(content, writer.Create("", Folder(files[0], className), Plain(files[0], name)));
            }
            else if (parts is [_, "LICENSE.txt"])
            {
                Copy(content, writer.CreateText("LICENSE.txt"));
            }
        }, cancellationToken: cancellationToken);

    /// <summary>
    /// <c>images/BREED_NUMBER.jpg</c> becomes <c>train/BREED/...</c> or <c>test/BREED/...</c>, as <c>annotations/trainval.txt</c> and
    /// <c>test.txt</c> have it. Some images are in neither list, and are left out as the authors do.
    /// </summary>
    public static void OxfordPets(IReadOnlyList<string> files, DatasetWriter writer, CancellationToken cancellationToken)
    {
        (string images, string annotations) = (files[0], files[1]);
        Dictionary<string, string> parts = PetParts(annotations, cancellationToken);
        var missing = new HashSet<string>(parts.Keys, StringComparer.Ordinal);
        TarFiles.Read(images, (path, content) =>
        {
            string name = path[^1];
            int underscore = name.LastIndexOf('_');
            if (path.Length == 2 && underscore > 0 && ImageFileTypes.IsImage(name) && parts.TryGetValue(Path.GetFileNameWithoutExtension(name), out string? part))
            {
                missing.Remove(Path.GetFileNameWithoutExtension(name));
                Copy(content, writer.Create(part, Folder(images, name[..underscore]), Plain(images, name)));
            }
        }, cancellationToken: cancellationToken);
        if (missing.Count > 0)
        {
            throw new InvalidDatasetException(
                FormattableString.Invariant($"{images}: {missing.Count} images that {annotations} lists are not in it, such as {missing.Order(StringComparer.Ordinal).First()}"));
        }
    }

    /// <summary>CIFAR-10's binary batches become <c>train/CLASS/NUMBER.png</c> and <c>test/CLASS/NUMBER.png</c>.</summary>
    public static void Cifar(IReadOnlyList<string> files, DatasetWriter writer, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlclassify-cifar-");
        try
        {
            TarFiles.Read(files[0], (parts, content) =>
            {
                if (parts is [_, var name] && (name.EndsWith(".bin", StringComparison.Ordinal) || name == "batches.meta.txt"))
                {
                    Copy(content, new FileStream(Path.Combine(folder.FullName, Plain(files[0], name)), FileMode.Create, FileAccess.Write, FileShare.None));
                }
            }, cancellationToken: cancellationToken);
            RawDataset.Open(folder.FullName).WriteTo(writer);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Four IDX files, images and labels of the training part and then of the test part, become folders as CIFAR's do.</summary>
    public static void Idx(IReadOnlyList<string> files, IReadOnlyList<string> classNames, DatasetWriter writer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RawDataset.OfIdx(files, classNames).WriteTo(writer);
    }

    // Each line of a list: the image's name, its class, its species, its breed among the species; '#' begins a comment.
    private static Dictionary<string, string> PetParts(string annotations, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        TarFiles.Read(annotations, (path, content) =>
        {
            if (path is not [_, "trainval.txt" or "test.txt"])
            {
                return;
            }

            found.Add(path[1]);
            string part = path[1] == "test.txt" ? "test" : "train";
            foreach (string line in Text(annotations, content).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                string name = line.Split(' ')[0];
                if (name[0] != '#' && !parts.TryAdd(name, part))
                {
                    throw new InvalidDatasetException($"{annotations}: the image '{name}' is listed twice");
                }
            }
        }, cancellationToken: cancellationToken);
        return found.Count == 2
            ? parts
            : throw new InvalidDatasetException($"{annotations}: found {found.Count} of the lists trainval.txt and test.txt");
    }

    private static string Text(string archive, Stream content)
    {
        using var memory = new MemoryStream();
        byte[] buffer = new byte[1 << 14];
        for (int count = content.Read(buffer); count > 0; count = content.Read(buffer))
        {
            memory.Write(buffer, 0, count);
            if (memory.Length > LongestList)
            {
                throw new InvalidDatasetException(FormattableString.Invariant($"{archive}: a list of images has more than {LongestList} bytes"));
            }
        }

        return Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length);
    }

    private static string Folder(string archive, string className) => ClassFolders.Of(className) is { } folder && folder == className && className[0] != '.'
        ? folder
        : throw new InvalidDatasetException($"{archive}: '{className}' cannot be a folder's name");

    private static string Plain(string archive, string name) => ClassFolders.Of(name) == name
        ? name
        : throw new InvalidDatasetException($"{archive}: '{name}' cannot be a file's name");

    private static void Copy(Stream content, Stream target)
    {
        using (target)
        {
            content.CopyTo(target);
        }
    }
}
