using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using MLClassify.AspNetCore.Http;
using MLClassify.AspNetCore.Page;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps what an image classifier answers.</summary>
public static class ImageClassifierEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps POST requests with images to the classifier: one in the body (<c>image/*</c> or <c>application/octet-stream</c>), or one or
    /// several files in a form (<c>multipart/form-data</c>). Answers JSON.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The route.</param>
    /// <returns>Takes conventions, such as authorization or rate limits.</returns>
    /// <exception cref="InvalidOperationException">The classifier was not added to the services.</exception>
    public static IEndpointConventionBuilder MapImageClassifier(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern)
    {
        Check(endpoints, pattern);
        return endpoints.MapPost(pattern, context => context.RequestServices.GetRequiredService<PredictHandler>().HandleAsync(context))
            .WithDisplayName("Image classifier");
    }

    /// <summary>Maps a page on which a photo can be chosen, dropped or pasted, and its classes seen. It loads nothing from elsewhere.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The page's route.</param>
    /// <param name="predictPath">The path that <see cref="MapImageClassifier"/> answers at, groups' prefixes included; below the application's path base.</param>
    /// <returns>Takes conventions, such as authorization.</returns>
    /// <exception cref="InvalidOperationException">The classifier was not added to the services.</exception>
    public static IEndpointConventionBuilder MapImageClassifierPage(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/", string predictPath = "/predict")
    {
        Check(endpoints, pattern);
        ArgumentException.ThrowIfNullOrEmpty(predictPath);
        if (predictPath[0] != '/')
        {
            throw new ArgumentException($"Expected a path that begins with '/', got '{predictPath}'.", nameof(predictPath));
        }

        return endpoints.MapGet(pattern, context => ClassifierPage.WriteAsync(context, predictPath)).WithDisplayName("Image classifier page");
    }

    private static void Check(IEndpointRouteBuilder endpoints, string pattern)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(PredictHandler)) == false)
        {
            throw new InvalidOperationException("There is no image classifier: call services.AddImageClassifier(path) before the application is built.");
        }
    }
}
