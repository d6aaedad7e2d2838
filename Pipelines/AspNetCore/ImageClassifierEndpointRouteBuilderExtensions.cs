using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MLClassify.AspNetCore.Http;
using MLClassify.AspNetCore.Page;
using MLClassify.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what an image classifier answers.</summary>
public static class ImageClassifierEndpointRouteBuilderExtensions
{
    private const string Title = "Image classifier";

    private static readonly int[] Refusals =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
        StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
    ];

    /// <summary>
    /// Maps POST requests with images to a classifier: one in the body (<c>image/*</c> or <c>application/octet-stream</c>), or one or
    /// several files in a form (<c>multipart/form-data</c>). Answers JSON. Stands in the application's OpenAPI document.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="name">The classifier's name; the one without a name when null.</param>
    /// <returns>Takes conventions, such as authorization or rate limits.</returns>
    /// <exception cref="InvalidOperationException">The classifier was not added to the services.</exception>
    public static IEndpointConventionBuilder MapImageClassifier(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string? name = null)
    {
        Lazy<PredictionService> service = ServiceOf(endpoints, pattern, name);
        var handler = new Lazy<PredictHandler>(() => new PredictHandler(service.Value, endpoints.ServiceProvider.GetRequiredService<ILogger<PredictHandler>>()));
        Task HandleAsync(HttpContext context) => handler.Value.HandleAsync(context);
        IEndpointConventionBuilder builder = endpoints.MapPost(pattern, HandleAsync).WithDisplayName(string.IsNullOrEmpty(name) ? Title : $"{Title} '{name}'");
        builder.Add(endpoint => Describe(endpoint, HandleAsync, service.Value.Options));
        return builder;
    }

    /// <summary>Maps a page on which a photo can be chosen, dropped or pasted, and its classes seen. It loads nothing from elsewhere.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The page's route.</param>
    /// <param name="predictPath">The path that <see cref="MapImageClassifier"/> answers at, groups' prefixes included; below the application's path base.</param>
    /// <param name="name">The classifier's name; the one without a name when null.</param>
    /// <returns>Takes conventions, such as authorization.</returns>
    /// <exception cref="InvalidOperationException">The classifier was not added to the services.</exception>
    public static IEndpointConventionBuilder MapImageClassifierPage(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/", string predictPath = "/predict", string? name = null)
    {
        Lazy<PredictionService> service = ServiceOf(endpoints, pattern, name);
        ArgumentException.ThrowIfNullOrEmpty(predictPath);
        if (predictPath[0] != '/')
        {
            throw new ArgumentException($"Expected a path that begins with '/', got '{predictPath}'.", nameof(predictPath));
        }

        return endpoints.MapGet(pattern, context => ClassifierPage.WriteAsync(context, predictPath, service.Value)).WithDisplayName("Image classifier page");
    }

    /// <summary>
    /// Has an endpoint of one's own, or a group of them, answer images that cannot be read with problem details (RFC 9457): status 400, 413 or 415 with the decoder's
    /// sentence, and 503 where the classifier's queue is full. Without it they are errors of the server, 500.
    /// </summary>
    /// <param name="builder">What <c>MapPost</c>, <c>MapGroup</c> or <c>MapControllers</c> returned.</param>
    /// <returns>The same builder.</returns>
    public static TBuilder WithImageProblems<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Finally(endpoint => endpoint.RequestDelegate = endpoint.RequestDelegate is { } next ? ImageProblems.Around(next) : null);
        return builder;
    }

    // What OpenAPI's documents are made of. All types are taken, so that what is no image is answered with its reason.
    private static void Describe(EndpointBuilder endpoint, RequestDelegate handler, ImageClassifierOptions limits)
    {
        IList<object> metadata = endpoint.Metadata;
        metadata.Add(handler.Method);
        metadata.Add(new TagsAttribute(Title));
        metadata.Add(new EndpointSummaryAttribute("Classifies an image, or the files of a form."));
        metadata.Add(new EndpointDescriptionAttribute(FormattableString.Invariant(
            $"An image of at most {limits.MaxImageBytes} bytes and {limits.MaxPixels} pixels as body, or a form of at most {limits.MaxFiles} such files and {limits.MaxRequestBytes} bytes. With several files, each has its own answer or error, in their order, under 'predictions'.")));
        metadata.Add(new AcceptsMetadata(["image/*", "application/octet-stream", "multipart/form-data", "*/*"], typeof(Stream)));
        metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(FileDocument), ["application/json"]));
        foreach (int status in Refusals)
        {
            metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), ["application/problem+json"]));
        }
    }

    // The name is checked at once, the options when the application starts.
    private static Lazy<PredictionService> ServiceOf(IEndpointRouteBuilder endpoints, string pattern, string? name)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        name ??= PredictionService.DefaultName;
        ImageClassifierServiceCollectionExtensions.Check(endpoints.ServiceProvider, name);
        return new Lazy<PredictionService>(() => ImageClassifierServiceCollectionExtensions.Get(endpoints.ServiceProvider, name));
    }
}
