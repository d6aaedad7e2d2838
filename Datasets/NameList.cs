namespace MLClassify.Datasets;

/// <summary>Lists of names for messages.</summary>
internal static class NameList
{
    private const int MaxListed = 8;

    /// <summary>Joins the names by commas; of a long list only the first.</summary>
    public static string Join(IReadOnlyCollection<string> names)
    {
        string listed = string.Join(", ", names.Take(MaxListed));
        return names.Count > MaxListed ? $"{listed} and {names.Count - MaxListed} more" : listed;
    }
}
