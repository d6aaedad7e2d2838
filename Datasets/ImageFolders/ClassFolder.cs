namespace MLClassify.Datasets;

/// <summary>The images that were found below one class's folder.</summary>
/// <param name="Name">The class's name, the folder's.</param>
/// <param name="Files">The images' paths, sorted by path relative to the folder (ordinal).</param>
internal sealed record ClassFolder(string Name, IReadOnlyList<string> Files);
