using Microsoft.AspNetCore.Http;

namespace MLClassify.AspNetCore.Http;

/// <summary>Answers what endpoints throw of images with the same documents as the classifier's own endpoint.</summary>
internal static class ImageProblems
{
    /// <summary>An endpoint's work, whose errors about images are answered.</summary>
    /// <param name="next">The work.</param>
    public static RequestDelegate Around(RequestDelegate next) => async context =>
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception error) when (!context.Response.HasStarted && Failure.OfFile(error) is not null)
        {
            await WriteAsync(context, Failure.OfFile(error)!).ConfigureAwait(false);
        }
    };

    /// <summary>Writes a problem document.</summary>
    public static Task WriteAsync(HttpContext context, Failure failure)
    {
        Prepare(context.Response, failure.Status);
        return context.Response.WriteAsJsonAsync(
            FileAnswer.Problem(failure), DocumentsContext.Web.ProblemDocument, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Sets a status, and the headers that every answer has.</summary>
    public static void Prepare(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "1";
        }
    }
}
