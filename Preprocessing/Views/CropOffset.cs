namespace MLClassify.Preprocessing;

/// <summary>
/// Where a crop lies in the resized image, as shares of the room that it leaves: with n pixels of room there are n + 1 places along a
/// side, and a share s takes the one numbered <c>floor(s (n + 1))</c>, so that shares drawn evenly give every place equally often.
/// </summary>
/// <param name="X">0 for the left edge, 1 for the right one.</param>
/// <param name="Y">0 for the upper edge, 1 for the lower one.</param>
internal readonly record struct CropOffset(double X, double Y)
{
    /// <summary>The crop's first column or row.</summary>
    internal static long Of(double share, long room) =>
        share is >= 0 and <= 1
            ? Math.Min((long)(share * (room + 1)), room)
            : throw new ArgumentException(FormattableString.Invariant($"A crop's offset is {share}; expected 0 to 1."));
}
