using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MLClassify;
using MLClassify.Hosting;
using MLClassify.Hosting.Metrics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds image classifiers to an application's services.</summary>
public static class ImageClassifierServiceCollectionExtensions
{
    /// <summary>
    /// Adds a classifier from a model file, as a <see cref="PredictionService"/> that batches what concurrent callers ask. The file is
    /// read when the application starts, which fails when it cannot be.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="path">What <see cref="ImageClassifier.Save(string)"/> or a training run wrote, or an ONNX file.</param>
    /// <param name="configure">Changes further options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier without a name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, string path, Action<ImageClassifierOptions>? configure = null) =>
        AddFile(services, PredictionService.DefaultName, path, configure);

    /// <summary>Adds a classifier from a model file under a name, beside others: <c>[FromKeyedServices("pets")] PredictionService pets</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="path">What <see cref="ImageClassifier.Save(string)"/> or a training run wrote, or an ONNX file.</param>
    /// <param name="configure">Changes further options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier of this name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, string name, string path, Action<ImageClassifierOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddFile(services, name, path, configure);
    }

    /// <summary>Adds a classifier whose model file is one of the options.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; <see cref="ImageClassifierOptions.ModelPath"/> among them.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier without a name already.</exception>
    public static IServiceCollection AddImageClassifier(this IServiceCollection services, Action<ImageClassifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Add(services, PredictionService.DefaultName, classifier: null, configure);
    }

    /// <summary>
    /// Adds a classifier whose options stand in the application's configuration, as <c>"ModelPath": "flowers.safetensors"</c> in a section
    /// of <c>appsettings.json</c>. Another path in it is taken up while the application runs.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes options after that.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier without a name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, IConfiguration section, Action<ImageClassifierOptions>? configure = null) =>
        AddSection(services, PredictionService.DefaultName, section, configure);

    /// <summary>Adds a classifier under a name, whose options stand in the application's configuration.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes options after that.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier of this name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, string name, IConfiguration section, Action<ImageClassifierOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddSection(services, name, section, configure);
    }

    /// <summary>Adds a loaded classifier.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="classifier">The classifier. It stays the caller's, who disposes it after the application has ended.</param>
    /// <param name="configure">Changes options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier without a name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, ImageClassifier classifier, Action<ImageClassifierOptions>? configure = null) =>
        AddLoaded(services, PredictionService.DefaultName, classifier, configure);

    /// <summary>Adds a loaded classifier under a name.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="classifier">The classifier. It stays the caller's, who disposes it after the application has ended.</param>
    /// <param name="configure">Changes options; see <see cref="ImageClassifierOptions"/> for defaults and ranges.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">There is a classifier of this name already.</exception>
    public static IServiceCollection AddImageClassifier(
        this IServiceCollection services, string name, ImageClassifier classifier, Action<ImageClassifierOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return AddLoaded(services, name, classifier, configure);
    }

    /// <summary>
    /// Adds a check that is healthy when an image sent now would be classified, degraded when the queue is full or the last batch failed. A web application maps it:
    /// <c>app.MapHealthChecks("/health")</c>.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returns.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported when no image can be classified; unhealthy when null.</param>
    /// <param name="tags">Tags to choose checks by.</param>
    /// <param name="classifier">The name of the classifier; the one without a name when null.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddImageClassifier(
        this IHealthChecksBuilder builder,
        string name = "image_classifier",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        string? classifier = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name, provider => new ImageClassifierHealthCheck(Get(provider, classifier ?? PredictionService.DefaultName)), failureStatus, tags));
    }

    /// <summary>The service of a name.</summary>
    /// <param name="provider">The application's services.</param>
    /// <param name="name">The name; empty for the one without.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static PredictionService Get(IServiceProvider provider, string name)
    {
        Check(provider, name);
        return name.Length == 0 ? provider.GetRequiredService<PredictionService>() : provider.GetRequiredKeyedService<PredictionService>(name);
    }

    /// <summary>Whether there is a service of a name; makes none.</summary>
    /// <param name="provider">The application's services.</param>
    /// <param name="name">The name; empty for the one without.</param>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal static void Check(IServiceProvider provider, string name)
    {
        string[] names = [.. provider.GetServices<Registration>().Select(entry => entry.Name)];
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            throw new InvalidOperationException(Missing(name, names));
        }
    }

    /// <summary>What is said where there is no such classifier.</summary>
    private static string Missing(string name, string[] names)
    {
        string wanted = name.Length == 0 ? "There is no image classifier without a name" : $"There is no image classifier '{name}'";
        string[] others = [.. names.Where(other => other.Length > 0).Select(other => $"'{other}'")];
        string found = names.Length == 0 ? "" : $"; there is {(names.Contains("") ? "one without a name" : "")}{(names.Contains("") && others.Length > 0 ? ", " : "")}{string.Join(", ", others)}";
        string call = name.Length == 0 ? "services.AddImageClassifier(path)" : $"services.AddImageClassifier(\"{name}\", path)";
        return $"{wanted}{found}: call {call} before the application is built.";
    }

    private static IServiceCollection AddFile(IServiceCollection services, string name, string path, Action<ImageClassifierOptions>? configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Add(services, name, classifier: null, options =>
        {
            options.ModelPath = path;
            configure?.Invoke(options);
        });
    }

    private static IServiceCollection AddSection(IServiceCollection services, string name, IConfiguration section, Action<ImageClassifierOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(section);
        Add(services, name, classifier: null, options =>
        {
            OptionsSection.Bind(section, options);
            configure?.Invoke(options);
        });
        return services.AddSingleton<IOptionsChangeTokenSource<ImageClassifierOptions>>(new ConfigurationChangeTokenSource<ImageClassifierOptions>(name, section));
    }

    private static IServiceCollection AddLoaded(IServiceCollection services, string name, ImageClassifier classifier, Action<ImageClassifierOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return Add(services, name, classifier, options =>
        {
            options.IsLoaded = true;
            configure?.Invoke(options);
        });
    }

    // Everything by factories: they need no reflection, so that an application can be compiled ahead of time.
    private static IServiceCollection Add(IServiceCollection services, string name, ImageClassifier? classifier, Action<ImageClassifierOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        Registration[] before = [.. services.Select(service => service.ServiceType == typeof(Registration) ? service.ImplementationInstance : null).OfType<Registration>()];
        if (before.Any(entry => entry.Name == name))
        {
            throw new InvalidOperationException(name.Length == 0
                ? "There is an image classifier without a name already: give the second one a name, services.AddImageClassifier(\"pets\", path)."
                : $"There is an image classifier '{name}' already.");
        }

        if (before.Length == 0)
        {
            services.AddMetrics();
            services.AddSingleton<IValidateOptions<ImageClassifierOptions>>(new ImageClassifierOptionsValidator());
            services.AddSingleton(provider => new ServingMetrics(provider.GetRequiredService<IMeterFactory>()));
        }

        services.AddSingleton(new Registration(name));
        services.AddOptions<ImageClassifierOptions>(name).Configure(configure).ValidateOnStart();
        if (name.Length == 0)
        {
            services.AddSingleton(provider => Create(provider, name, classifier));
            return services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<PredictionService>());
        }

        services.AddKeyedSingleton(name, (provider, _) => Create(provider, name, classifier));
        return services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<PredictionService>(name));
    }

    private static PredictionService Create(IServiceProvider provider, string name, ImageClassifier? classifier)
    {
        IOptionsMonitor<ImageClassifierOptions> options = provider.GetRequiredService<IOptionsMonitor<ImageClassifierOptions>>();
        return new PredictionService(
            name,
            () => options.Get(name),
            classifier,
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ServingMetrics>(),
            provider.GetRequiredService<ILogger<PredictionService>>());
    }

    /// <summary>That a classifier of a name was added.</summary>
    private sealed record Registration(string Name);
}
