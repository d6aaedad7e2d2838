using Microsoft.AspNetCore.Http;
using MLClassify.Hosting;
using MLClassify.Imaging;

namespace MLClassify.AspNetCore.Http;

/// <summary>The error that a client receives when an image could not be classified.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">A word for programs; also the tag of the error counter.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record Failure(int Status, string Reason, string Detail)
{
    public const string InvalidImage = "invalid_image";
    public const string UnsupportedImage = "unsupported_image";
    public const string UnsupportedContentType = "unsupported_content_type";
    public const string TooLarge = "too_large";
    public const string TooSlow = "too_slow";
    public const string TooManyPixels = "too_many_pixels";
    public const string TooManyFiles = "too_many_files";
    public const string NoFile = "no_file";
    public const string MalformedRequest = "malformed_request";
    public const string Busy = "busy";
    public const string Internal = "internal";
    public const string Canceled = "cancelled";

    /// <summary>What an error of one file comes to; null when the whole request is concerned.</summary>
    public static Failure? OfFile(Exception error) => error switch
    {
        RequestException refused => refused.Failure,
        InvalidImageException { IsTooLarge: true, Format: null } => new Failure(StatusCodes.Status413PayloadTooLarge, TooLarge, error.Message),
        InvalidImageException { IsTooLarge: true } or UnsupportedImageException { IsTooLarge: true } =>
            new Failure(StatusCodes.Status413PayloadTooLarge, TooManyPixels, error.Message),
        InvalidImageException => new Failure(StatusCodes.Status400BadRequest, InvalidImage, error.Message),
        UnsupportedImageException => new Failure(StatusCodes.Status415UnsupportedMediaType, UnsupportedImage, error.Message),
        ServerBusyException => new Failure(StatusCodes.Status503ServiceUnavailable, Busy, error.Message),
        _ => null,
    };

    /// <summary>What an error of the request comes to.</summary>
    public static Failure OfRequest(Exception error) => OfFile(error) ?? error switch
    {
        BadHttpRequestException bad => new Failure(
            bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : MalformedRequest, bad.Message),
        InvalidDataException => new Failure(StatusCodes.Status400BadRequest, MalformedRequest, error.Message),
        IOException => new Failure(StatusCodes.Status400BadRequest, MalformedRequest, "the request ends before its content is complete"),
        // Its message may name places on the server.
        _ => new Failure(StatusCodes.Status500InternalServerError, Internal, "the image could not be classified"),
    };
}
