using System.Xml;

namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// NuGet's folders of packages: <c>NUGET_PACKAGES</c>; else <c>globalPackagesFolder</c> of the configuration files from the working folder
/// upward and of the user; else <c>.nuget/packages</c> in the user's folder. https://learn.microsoft.com/nuget/consume-packages/configuring-nuget-behavior
/// </summary>
internal static class NuGetFolders
{
    private const string FolderKey = "globalPackagesFolder";
    private const int LongestConfiguration = 1 << 20;

    private static readonly string[] FileNames = ["nuget.config", "NuGet.config", "NuGet.Config"];

    /// <summary>The folders in the order in which they are looked in; they need not exist.</summary>
    public static IReadOnlyList<string> Find(NuGetSettings settings)
    {
        if (settings.PackageFolder is { } only)
        {
            return [Path.GetFullPath(only)];
        }

        if (settings.Environment("NUGET_PACKAGES") is { Length: > 0 } named && Path.IsPathFullyQualified(named))
        {
            return [named];
        }

        string? near = Upward(Path.GetFullPath(settings.WorkingFolder)).Select(Configured).FirstOrDefault(f => f is not null);
        string? own = UserConfigurations(settings).Select(Configured).FirstOrDefault(f => f is not null);
        string[] found = [near ?? "", own ?? "", Path.Combine(settings.UserFolder, ".nuget", "packages")];
        return [.. found.Where(Path.IsPathFullyQualified).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Upward(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            foreach (string name in FileNames)
            {
                yield return Path.Combine(at, name);
            }
        }
    }

    private static IEnumerable<string> UserConfigurations(NuGetSettings settings)
    {
        if (settings.Environment("APPDATA") is { Length: > 0 } roaming)
        {
            yield return Path.Combine(roaming, "NuGet", "NuGet.Config");
        }

        yield return Path.Combine(settings.UserFolder, ".nuget", "NuGet", "NuGet.Config");
        yield return Path.Combine(settings.UserFolder, ".config", "NuGet", "NuGet.Config");
    }

    // A file that is no configuration is NuGet's matter; here it only says nothing.
    private static string? Configured(string file)
    {
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists || info.Length > LongestConfiguration)
            {
                return null;
            }

            using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "add" && FolderKey.Equals(reader.GetAttribute("key"), StringComparison.OrdinalIgnoreCase)
                    && reader.GetAttribute("value") is { Length: > 0 } value)
                {
                    return Path.GetFullPath(System.Environment.ExpandEnvironmentVariables(value), info.DirectoryName!);
                }
            }

            return null;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
