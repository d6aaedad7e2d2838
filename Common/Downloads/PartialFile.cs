using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace MLClassify.Common;

/// <summary>
/// The part of a file received so far, <c>PATH.part</c>, and beside it, <c>PATH.part.tag</c>, of which version of the file it is: a line each
/// for address, length, entity tag and date.
/// </summary>
/// <param name="target">Where the whole file goes.</param>
internal sealed class PartialFile(string target)
{
    private const int BufferBytes = 1 << 17;
    private const int LongestTag = 1 << 14;

    private readonly string _path = target + ".part";
    private readonly string _tagPath = target + ".part.tag";

    /// <summary>The bytes that are here.</summary>
    public long Length => File.Exists(_path) ? new FileInfo(_path).Length : 0;

    /// <summary>The content so far.</summary>
    public string Path => _path;

    /// <summary>What is known of the version that the content belongs to; null where nothing is.</summary>
    public VersionTag? ReadTag()
    {
        try
        {
            var file = new FileInfo(_tagPath);
            return file.Exists && file.Length <= LongestTag ? VersionTag.Parse(File.ReadAllText(_tagPath)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens the content for more at its end.</summary>
    public FileStream Append() => Open(FileMode.Append);

    /// <summary>Begins anew with a version. The content goes first, so that a crash in between leaves no content with a wrong tag.</summary>
    public FileStream Begin(VersionTag tag)
    {
        FileStream stream = Open(FileMode.Create);
        try
        {
            File.WriteAllText(_tagPath, tag.ToString());
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Gives the content its final name.</summary>
    public void Complete()
    {
        File.Move(_path, target, overwrite: true);
        File.Delete(_tagPath);
    }

    /// <summary>Removes content and tag.</summary>
    public void Delete()
    {
        File.Delete(_path);
        File.Delete(_tagPath);
    }

    private FileStream Open(FileMode mode) => new(_path, mode, FileAccess.Write, FileShare.Read | FileShare.Delete, BufferBytes, FileOptions.Asynchronous);
}

/// <summary>A version of a file at an address (RFC 9110, sections 8.8 and 13.1.5).</summary>
/// <param name="Address">The address.</param>
/// <param name="Total">The bytes of the whole file; null where the server did not say.</param>
/// <param name="EntityTag">The server's strong entity tag, quoted; null where it gave none, or a weak one, which says nothing about bytes.</param>
/// <param name="Modified">When it was last changed, where the server said so.</param>
internal sealed record VersionTag(string Address, long? Total, string? EntityTag, DateTimeOffset? Modified)
{
    public static VersionTag Of(Uri address, HttpResponseMessage response, long? total) => new(
        DownloadAddress.Display(address),
        total,
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
        response.Content.Headers.LastModified);

    public static VersionTag? Parse(string text)
    {
        string[] lines = text.Split('\n');
        if (lines.Length < 4)
        {
            return null;
        }

        long? total = long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        string? tag = EntityTagHeaderValue.TryParse(lines[2], out EntityTagHeaderValue? value) && !value.IsWeak ? value.Tag : null;
        bool hasDate = DateTimeOffset.TryParseExact(lines[3], "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date);
        return new VersionTag(lines[0], total, tag, hasDate ? date : null);
    }

    /// <summary>The condition that makes a server send the rest of this version only, and all of any other; null where nothing identifies it.</summary>
    public RangeConditionHeaderValue? Condition() =>
        EntityTag is not null ? new RangeConditionHeaderValue(EntityTag) : Modified is { } date ? new RangeConditionHeaderValue(date) : null;

    /// <summary>Whether another answer is certainly about another version.</summary>
    public bool Contradicts(VersionTag other) =>
        (Total is not null && other.Total is not null && Total != other.Total)
        || (EntityTag is not null && other.EntityTag is not null && EntityTag != other.EntityTag);

    public override string ToString() => new StringBuilder()
        .Append(Address).Append('\n')
        .Append(Total?.ToString(CultureInfo.InvariantCulture)).Append('\n')
        .Append(EntityTag).Append('\n')
        .Append(Modified?.ToString("r", CultureInfo.InvariantCulture)).Append('\n')
        .ToString();
}
