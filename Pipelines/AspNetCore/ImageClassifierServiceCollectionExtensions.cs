using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MLClassify;
using MLClassify.AspNetCore;
using MLClassify.AspNetCore.Http;
using MLClassify.AspNetCore.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds an image classifier to an application's services.</summary>
public static class ImageClassifierServiceCollectionExtensions
{
    /// <summary>
    /// Adds a classifier from a model file, and the <see cref="PredictionService"/> that batches what concurrent requests ask. The file is
    /// read when the application starts, which fails when it cannot be.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="path">What <see cref="ImageClassifier.Save(string)"/> or a training run wrote, or an ONNX file.</param>
    /// <param name="configure">Changes further options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, string path, Action<ImageClassifierOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddImageClassifier(options =>
        {
            options.ModelPath = path;
            configure?.Invoke(options);
        });
    }

    /// <summary>Adds a classifier whose model file is one of the options.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; <see cref="ImageClassifierOptions.ModelPath"/> among them.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddImageClassifier(this IServiceCollection services, Action<ImageClassifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Replace(ServiceDescriptor.Singleton(provider =>
        {
            ImageClassifierOptions options = provider.GetRequiredService<IOptions<ImageClassifierOptions>>().Value;
            return ImageClassifier.Load(options.ModelPath!, options.Compute);
        }));
        return AddServing(services, options =>
        {
            options.IsLoaded = false;
            configure(options);
        });
    }

    /// <summary>Adds a loaded classifier.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="classifier">The classifier. It stays the caller's, who disposes it after the application has ended.</param>
    /// <param name="configure">Changes options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, ImageClassifier classifier, Action<ImageClassifierOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(classifier);
        services.Replace(ServiceDescriptor.Singleton(classifier));
        return AddServing(services, options =>
        {
            options.IsLoaded = true;
            configure?.Invoke(options);
        });
    }

    /// <summary>
    /// Adds a check that is healthy when an image sent now would be classified, degraded when the queue is full or the last batch failed. The application maps it:
    /// <c>app.MapHealthChecks("/health")</c>.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returns.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported when no image can be classified; unhealthy when null.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddImageClassifier(
        this IHealthChecksBuilder builder, string name = "image_classifier", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new ImageClassifierHealthCheck(provider.GetRequiredService<PredictionService>()), failureStatus, tags));
    }

    // Everything by factories: they need no reflection, so that an application can be compiled ahead of time.
    private static IServiceCollection AddServing(IServiceCollection services, Action<ImageClassifierOptions> configure)
    {
        services.AddOptions<ImageClassifierOptions>().Configure(configure).ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(PredictionService)))
        {
            return services;
        }

        services.AddMetrics();
        services.AddSingleton<IValidateOptions<ImageClassifierOptions>>(new ImageClassifierOptionsValidator());
        services.AddSingleton(provider => new ServingMetrics(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider => new UploadBudget(provider.GetRequiredService<IOptions<ImageClassifierOptions>>().Value.MaxBufferedBytes));
        services.AddSingleton(provider => new PredictionService(
            provider.GetRequiredService<ImageClassifier>,
            provider.GetRequiredService<IOptions<ImageClassifierOptions>>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ServingMetrics>(),
            provider.GetRequiredService<ILogger<PredictionService>>()));
        services.AddSingleton(provider => new PredictHandler(
            provider.GetRequiredService<PredictionService>(),
            provider.GetRequiredService<UploadBudget>(),
            provider.GetRequiredService<ServingMetrics>(),
            provider.GetRequiredService<ILogger<PredictHandler>>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PredictionService>());
        return services;
    }
}
