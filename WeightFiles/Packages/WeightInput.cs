namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// What weights expect of an image beyond a network's usual normalization: bytes from 0 to 255 less a mean, the image stretched to a
/// square.
/// </summary>
/// <param name="IsReversed">Whether the network takes blue, green, red.</param>
/// <param name="Red">The mean of red, 0 to 255.</param>
/// <param name="Green">The mean of green.</param>
/// <param name="Blue">The mean of blue.</param>
internal sealed record WeightInput(bool IsReversed, float Red, float Green, float Blue);
