using System.Globalization;
using MLClassify.Trainers;

namespace MLClassify.Reports;

/// <summary>Where a search leaves its files: a run's folder a trial (<c>trial-001</c>, ...), <c>tune.csv</c> and <c>tune.html</c>.</summary>
public sealed class SearchFolder : ISearchRun
{
    private const string TableName = "tune.csv";

    private SearchFolder(string path) => FullPath = path;

    /// <summary>The folder.</summary>
    public string FullPath { get; }

    /// <summary>The table, a row a trial; empty before the first is over.</summary>
    public string Table => Path.Combine(FullPath, TableName);

    /// <summary>The page that compares the trials.</summary>
    public string Page => Path.Combine(FullPath, "tune.html");

    /// <summary>Takes a folder that is absent or empty, or holds an earlier search.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="existing">What becomes of an earlier search.</param>
    /// <exception cref="RunExistsException">There is an earlier search, which is not to be replaced.</exception>
    /// <exception cref="IOException">The folder holds something that is not a search, or cannot be made.</exception>
    public static SearchFolder Create(string path, ExistingRun existing = ExistingRun.Refuse)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (int number = 1; ; number++)
        {
            string candidate = number == 1 ? full : string.Create(CultureInfo.InvariantCulture, $"{full}-{number}");
            bool isSearch = File.Exists(Path.Combine(candidate, TableName));
            if (!isSearch && (File.Exists(candidate) || (Directory.Exists(candidate) && Directory.EnumerateFileSystemEntries(candidate).Any())))
            {
                throw new IOException($"{candidate} exists and is not a search; name a folder that is absent or empty");
            }

            if (!isSearch && TryClaim(candidate))
            {
                return new SearchFolder(candidate);
            }

            if (existing == ExistingRun.Refuse)
            {
                throw new RunExistsException(candidate);
            }

            if (existing == ExistingRun.Replace)
            {
                return Emptied(candidate);
            }
        }
    }

    /// <summary>A trial's name: <c>trial-001</c>.</summary>
    /// <param name="number">The trial's number, from 1.</param>
    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"trial-{number:000}");

    /// <summary>A trial's folder.</summary>
    /// <param name="number">The trial's number, from 1.</param>
    public string TrialFolder(int number) => Path.Combine(FullPath, NameOf(number));

    ITrialRun ISearchRun.CreateTrial(int number) => RunFolder.Create(TrialFolder(number));

    void ISearchRun.TrialCompleted(SearchResult soFar) => soFar.WriteCsv(Table);

    void ISearchRun.Complete(SearchResult result) => result.WritePage(Page);

    private static SearchFolder Emptied(string folder)
    {
        var search = new SearchFolder(folder);
        File.Delete(search.Page);
        File.WriteAllBytes(search.Table, []);
        foreach (string trial in Directory.EnumerateDirectories(folder, "trial-*").Where(trial => File.Exists(Path.Combine(trial, RunFolder.Arguments))))
        {
            Directory.Delete(trial, recursive: true);
        }

        return search;
    }

    // Of two searches that begin at once, the table's file is made by one.
    private static bool TryClaim(string folder)
    {
        Directory.CreateDirectory(folder);
        string table = Path.Combine(folder, TableName);
        try
        {
            using var file = new FileStream(table, FileMode.CreateNew, FileAccess.Write);
            return true;
        }
        catch (IOException) when (File.Exists(table))
        {
            return false;
        }
    }
}
