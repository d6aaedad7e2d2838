using System.Text;

namespace MLClassify.Datasets;

/// <summary>Names of classes that become names of folders.</summary>
internal static class ClassFolders
{
    private const int Longest = 100;
    private const string Refused = "/\\:*?\"<>|";

    /// <summary>A folder's name for each class: the class's own, with <c>-</c> in place of what some system refuses in a file's name.</summary>
    /// <param name="classNames">The classes.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <exception cref="InvalidDatasetException">A name has nothing to make a folder's name of, or two give the same.</exception>
    public static string[] Names(IReadOnlyList<string> classNames, string source)
    {
        string[] names = [.. classNames.Select(name => Of(name) ?? throw new InvalidDatasetException($"{source}: the class name '{name}' cannot be a folder's name"))];
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Length
            ? names
            : throw new InvalidDatasetException($"{source}: two classes would have the same folder, of {MLClassify.Datasets.NameList.Join(classNames.ToArray())}");
    }

    /// <summary>A folder's name, or null where there is none.</summary>
    public static string? Of(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            text.Append(char.IsControl(c) || Refused.Contains(c, StringComparison.Ordinal) ? '-' : c);
        }

        string folder = text.ToString().Trim(' ', '.');
        return folder.Length is > 0 and <= Longest ? folder : null;
    }
}
