using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MLClassify.AspNetCore.Http;

/// <summary>A file in a form, whose content is read before the next one is asked for.</summary>
internal readonly record struct FormFile(string Name, Stream Content);

/// <summary>Reads the files of a multipart form one after the other, without keeping any. Parts that are no files are passed over.</summary>
internal static class FormFiles
{
    // RFC 2046, section 5.1.1.
    private const int LongestBoundary = 70;

    private const int LongestName = 255;

    /// <summary>A form may have a few fields beside its files.</summary>
    private const int MostFields = 32;

    public static async IAsyncEnumerable<FormFile> ReadAsync(
        Stream body, MediaTypeHeaderValue contentType, int maxFiles, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(Boundary(contentType), body);
        int files = 0;
        int fields = 0;
        while (await reader.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
        {
            if (FileName(section) is not { } name)
            {
                if (++fields > MostFields)
                {
                    throw new RequestException(400, Failure.MalformedRequest, FormattableString.Invariant($"the form has more than {MostFields} parts that are no files"));
                }

                continue;
            }

            if (++files > maxFiles)
            {
                throw new RequestException(413, Failure.TooManyFiles, FormattableString.Invariant($"the form has more than {maxFiles} files"));
            }

            yield return new FormFile(name, section.Body);
        }
    }

    private static string Boundary(MediaTypeHeaderValue contentType)
    {
        string boundary = HeaderUtilities.RemoveQuotes(contentType.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary
            ? boundary
            : throw new RequestException(400, Failure.MalformedRequest, FormattableString.Invariant($"the form's boundary has {boundary.Length} characters, expected 1 to {LongestBoundary}"));
    }

    // RFC 7578, section 4.2: a part with a file name is a file. A form that was sent without a choice has one with an empty name.
    private static string? FileName(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out ContentDispositionHeaderValue? disposition))
        {
            return null;
        }

        string name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return name.Length == 0 ? null : name.Length <= LongestName ? name : name[..LongestName];
    }
}
