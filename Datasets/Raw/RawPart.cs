namespace MLClassify.Datasets;

/// <summary>Files of one part of a packed dataset.</summary>
/// <param name="Name">The part's name: <c>train</c> or <c>test</c>.</param>
/// <param name="Files">Its files; IDX files in pairs of images and labels.</param>
internal sealed record RawPart(string Name, IReadOnlyList<string> Files);

/// <summary>How the images are packed.</summary>
internal enum RawFormat
{
    /// <summary>CIFAR-10's binary batches.</summary>
    Cifar10Binary,

    /// <summary>CIFAR-100's binary files.</summary>
    Cifar100Binary,

    /// <summary>Batches of CIFAR's Python versions.</summary>
    CifarPython,

    /// <summary>IDX files.</summary>
    Idx,
}
