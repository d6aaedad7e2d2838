using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using MLClassify.Hosting;
using MLClassify.Hosting.Metrics;

namespace MLClassify.AspNetCore.Http;

/// <summary>Answers a request with images: one in the body, or one or several in a form.</summary>
internal sealed partial class PredictHandler(PredictionService service, ILogger<PredictHandler> logger)
{
    private const int FramesOfChunks = 64 << 10;

    private ImageClassifierOptions Options => service.Options;

    private ServingMetrics Metrics => service.Metrics;

    public async Task HandleAsync(HttpContext context)
    {
        CancellationToken aborted = context.RequestAborted;
        try
        {
            FileAnswer[] answers = await ReadAsync(context.Request, aborted).ConfigureAwait(false);
            foreach (FileAnswer answer in answers)
            {
                CountFailure(answer.Failure);
            }

            await AnswerAsync(context, answers).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to answer.
            Metrics.Refused(service.Name, Failure.Canceled);
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            Failure failure = Failure.OfRequest(error);
            CountFailure(failure);
            if (failure.Reason == Failure.Internal)
            {
                LogFailed(logger, error);
            }

            await AnswerAsync(context, failure).ConfigureAwait(false);
        }
    }

    private async Task<FileAnswer[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) && !string.IsNullOrEmpty(request.ContentType))
        {
            throw UnsupportedContentType(request.ContentType);
        }

        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
        {
            throw new RequestException(415, Failure.UnsupportedContentType, $"content encoding {encoding} is not supported; send the file as it is");
        }

        bool isForm = type is not null && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!isForm && type is not null && !IsImage(type))
        {
            throw UnsupportedContentType(type.MediaType.ToString());
        }

        Limit(request, isForm);
        if (isForm)
        {
            return await ReadFormAsync(request, type!, cancellationToken).ConfigureAwait(false);
        }

        Task<FileAnswer> answer = await StartAsync(name: null, request.Body, cancellationToken).ConfigureAwait(false);
        return [await answer.ConfigureAwait(false)];
    }

    private async Task<FileAnswer[]> ReadFormAsync(HttpRequest request, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        var answers = new List<Task<FileAnswer>>();
        await foreach (FormFile file in FormFiles.ReadAsync(request.Body, type, Options.MaxFiles, cancellationToken).ConfigureAwait(false))
        {
            answers.Add(await StartAsync(file.Name, file.Content, cancellationToken).ConfigureAwait(false));
        }

        return answers.Count > 0
            ? await Task.WhenAll(answers).ConfigureAwait(false)
            : throw new RequestException(400, Failure.NoFile, "the form has no file; with curl: -F file=@photo.jpg");
    }

    // The upload's memory is free again once the image is decoded; the network is waited for later.
    private async Task<Task<FileAnswer>> StartAsync(string? name, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            using Upload upload = await Upload.ReadAsync(content, Options.MaxImageBytes, Options.UploadTimeout, service.Time, service.Uploads, cancellationToken).ConfigureAwait(false);
            Task<Prediction> prediction = await service.EnqueueAsync(upload.Bytes, cancellationToken).ConfigureAwait(false);
            return FinishAsync(name, prediction);
        }
        catch (Exception error) when (Failure.OfFile(error) is { } failure)
        {
            return Task.FromResult(new FileAnswer(name, Prediction: null, failure));
        }
    }

    private static async Task<FileAnswer> FinishAsync(string? name, Task<Prediction> pending)
    {
        try
        {
            Prediction prediction = await pending.ConfigureAwait(false);
            // JSON has no word for it, and no client could use it.
            return prediction.Scores.All(float.IsFinite)
                ? new FileAnswer(name, prediction, Failure: null)
                : new FileAnswer(name, null, new Failure(500, Failure.Internal, "the network's values are not finite"));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new FileAnswer(name, null, Failure.OfRequest(error));
        }
    }

    private async Task AnswerAsync(HttpContext context, FileAnswer[] answers)
    {
        if (answers is [{ Failure: { } failure }])
        {
            await AnswerAsync(context, failure).ConfigureAwait(false);
            return;
        }

        // Of several, one that succeeded is success: the others say why they did not.
        bool hasSucceeded = answers.Any(answer => answer.Failure is null);
        Prepare(context, hasSucceeded ? StatusCodes.Status200OK : answers[0].Failure!.Status);
        if (answers.Length == 1)
        {
            await context.Response.WriteAsJsonAsync(
                answers[0].ToDocument(Options.Top), DocumentsContext.Web.FileDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
        else
        {
            var document = new FilesDocument([.. answers.Select(answer => answer.ToDocument(Options.Top))]);
            await context.Response.WriteAsJsonAsync(
                document, DocumentsContext.Web.FilesDocument, cancellationToken: context.RequestAborted).ConfigureAwait(false);
        }
    }

    private Task AnswerAsync(HttpContext context, Failure failure)
    {
        Metrics.Answered(service.Name, failure.Status);
        return ImageProblems.WriteAsync(context, failure);
    }

    private void Prepare(HttpContext context, int status)
    {
        Metrics.Answered(service.Name, status);
        ImageProblems.Prepare(context.Response, status);
    }

    private void CountFailure(Failure? failure)
    {
        if (failure is not null)
        {
            Metrics.Refused(service.Name, failure.Reason);
        }
    }

    // What the header announces is refused before a byte is read. What it hides, the server stops; it counts the frames of chunks too, so
    // that a file's own limit is left to its reader.
    private void Limit(HttpRequest request, bool isForm)
    {
        long limit = isForm ? Options.MaxRequestBytes : Options.MaxImageBytes;
        if (request.ContentLength > limit)
        {
            throw RequestException.TooLarge(isForm ? "the request" : "the file", limit);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = isForm ? limit : (2 * limit) + FramesOfChunks;
        }
    }

    private static bool IsImage(MediaTypeHeaderValue type) => type.Type.Equals("image", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase);

    private static RequestException UnsupportedContentType(string found) => new(
        415,
        Failure.UnsupportedContentType,
        $"content type {found}: expected multipart/form-data, image/* or application/octet-stream; with curl: -F file=@photo.jpg, or -H Content-Type:image/jpeg --data-binary @photo.jpg");

    [LoggerMessage(EventId = 10, EventName = "RequestFailed", Level = LogLevel.Error, Message = "A request could not be answered.")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
