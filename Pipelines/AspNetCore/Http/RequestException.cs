using Microsoft.AspNetCore.Http;

namespace MLClassify.AspNetCore.Http;

/// <summary>A request, or a file in it, that is refused with a status and a reason.</summary>
internal sealed class RequestException(int status, string reason, string detail) : Exception(detail)
{
    public Failure Failure { get; } = new(status, reason, detail);

    public static RequestException TooLarge(string what, long limit) =>
        new(StatusCodes.Status413PayloadTooLarge, Failure.TooLarge, FormattableString.Invariant($"{what} is larger than the limit of {limit} bytes"));

    public static RequestException TooSlow(TimeSpan limit) =>
        new(StatusCodes.Status408RequestTimeout, Failure.TooSlow, FormattableString.Invariant($"the file took longer to arrive than the limit of {limit.TotalSeconds:0.#} seconds"));
}
