namespace MLClassify.Datasets;

/// <summary>An image file and its class.</summary>
/// <param name="Path">The file.</param>
/// <param name="Label">The class's index, from 0.</param>
public readonly record struct ImageSample(string Path, int Label);
