namespace MLClassify;

/// <summary>A file or folder that does not take part, and why.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Reason">One sentence for people, without the path.</param>
public sealed record SkippedFile(string Path, string Reason);
