namespace MLClassify.Datasets;

/// <summary>The images that were found below one class's folder.</summary>
/// <param name="Name">The class's name, the folder's.</param>
/// <param name="Files">The images' paths, sorted by path relative to the folder (ordinal).</param>
/// <param name="Subfolders">The folders directly in it that hold images, at any depth; sorted (ordinal).</param>
/// <param name="HasOwnImages">Whether images lie directly in it.</param>
internal sealed record ClassFolder(string Name, IReadOnlyList<string> Files, IReadOnlyList<string> Subfolders, bool HasOwnImages);
