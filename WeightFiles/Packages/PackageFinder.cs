using System.Diagnostics.CodeAnalysis;

namespace MLClassify.WeightFiles.Packages;

/// <summary>Finds a package's files: beside the program that references it, then in NuGet's folders. Nothing is fetched.</summary>
internal static class PackageFinder
{
    /// <summary>Finds a package's files.</summary>
    /// <param name="package">The package.</param>
    /// <param name="version">Its version; null for the program's own, or the newest that is here.</param>
    /// <param name="settings">Where to look.</param>
    /// <returns>The files; null where they are not here.</returns>
    public static PackageFiles? Find(FeaturizerPackage package, string? version, NuGetSettings settings)
    {
        if (version is null && In(Path.Combine(settings.ProgramFolder, FeaturizerPackage.Folder), package, null) is { } own)
        {
            return own;
        }

        return NuGetFolders.Find(settings).Select(folder => InFolder(folder, package, version)).FirstOrDefault(f => f is not null);
    }

    /// <summary>The package that a network's file lies in, by the names of file and folder.</summary>
    /// <param name="model">The network's file.</param>
    /// <returns>Its files; null where it lies in none, or without the preparing model.</returns>
    public static PackageFiles? Around(string model)
    {
        string path = Path.GetFullPath(model);
        string? folder = Path.GetDirectoryName(Path.GetDirectoryName(path));
        return folder is null ? null : FeaturizerPackage.All.Select(p => In(folder, p, null)).FirstOrDefault(f => f?.Model == path);
    }

    private static PackageFiles? InFolder(string packages, FeaturizerPackage package, string? version)
    {
        string folder = Path.Combine(packages, Lower(package.Id));
        if (!Directory.Exists(folder))
        {
            return null;
        }

        IEnumerable<string> versions = version is not null
            ? [Lower(version)]
            : Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)!).OrderByDescending(OrderOf);
        return versions.Select(v => In(Path.Combine(folder, v, "tools", FeaturizerPackage.Folder), package, v)).FirstOrDefault(f => f is not null);
    }

    private static PackageFiles? In(string folder, FeaturizerPackage package, string? version)
    {
        string model = Path.Combine(folder, package.ModelFile);
        string preparation = Path.Combine(folder, package.PreparationFile);
        return File.Exists(model) && File.Exists(preparation) ? new PackageFiles(package, version, model, preparation) : null;
    }

    [SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "NuGet's folders are lower-case")]
    private static string Lower(string name) => name.ToLowerInvariant();

    // A finished version comes after those that lead to it.
    private static (Version Number, bool IsFinished) OrderOf(string version)
    {
        string number = version.Split('-', '+')[0];
        return (Version.TryParse(number, out Version? parsed) ? parsed : new Version(), number.Length == version.Length);
    }
}
