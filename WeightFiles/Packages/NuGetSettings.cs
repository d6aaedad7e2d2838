namespace MLClassify.WeightFiles.Packages;

/// <summary>Where NuGet keeps packages on this machine, and how to ask it for one.</summary>
internal sealed record NuGetSettings
{
    /// <summary>The packages that are known, the preferred one first.</summary>
    public IReadOnlyList<FeaturizerPackage> Packages { get; init; } = FeaturizerPackage.All;

    /// <summary>The one folder to look in; nothing is restored then. Default null: the user's own, as NuGet finds it.</summary>
    public string? PackageFolder { get; init; }

    /// <summary>The program's folder, beside which a referenced package's files lie.</summary>
    public string ProgramFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>Where the search for NuGet's configuration files begins, upward.</summary>
    public string WorkingFolder { get; init; } = ".";

    /// <summary>Reads an environment variable.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The user's own folder.</summary>
    public string UserFolder { get; init; } = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);

    /// <summary>The longest time for restoring a package.</summary>
    public TimeSpan RestoreLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest time for NuGet to say what its sources are: under a second, unless the machine is busy.</summary>
    public TimeSpan ListLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for an answer of its servers.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Finds a package by its name, in any case.</summary>
    /// <param name="id">The name.</param>
    /// <exception cref="ArgumentException">It is not known.</exception>
    public FeaturizerPackage Get(string id) => Packages.FirstOrDefault(p => p.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"The package '{id}' is not known to hold weights; known: {string.Join(", ", Packages.Select(p => p.Id))}.");
}
