using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Cli.Serving;
using MLClassify.Hosting;

namespace MLClassify.Cli.Commands;

/// <summary><c>serve MODEL|NAME=MODEL...</c>: models as a web service, with a page, until Ctrl-C.</summary>
internal sealed class ServeCommand
{
    private const int DefaultPort = 5080;

    private readonly CliContext _context;
    private readonly Argument<string[]> _models = OptionFactory.Arguments("MODEL|NAME=MODEL", "A model file, an ONNX file or a run's folder; several with names of their own, at /NAME each.");

    private readonly Option<string?> _host = OptionFactory.Text("--host", "ADDRESS", "Where it listens: 0.0.0.0 for every network that the machine is on. Default 127.0.0.1, this machine alone.");
    private readonly Option<int?> _port = OptionFactory.Integer("--port", "The port; 0 for any that is free. Default 5080.");
    private readonly Option<int?> _maxBatch = OptionFactory.Integer("--max-batch", "The most images that the network takes at once. Default 16.");
    private readonly Option<int?> _top = OptionFactory.Integer("--top", "How many classes an answer lists. Default 5.");

    private ServeCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var serve = new ServeCommand(context);
        var command = new Command("serve", "Serves models over HTTP: a page to drop photos on, an API, health, metrics. A model that is replaced is taken up.");
        command.Add(serve._models);
        command.Add(serve._host);
        command.Add(serve._port);
        command.Add(serve._maxBatch);
        command.Add(serve._top);
        CommonOptions.AddCompute(command);
        command.Add(CommonOptions.Json);
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (string Name, string Path)[] models = [.. parsed.GetRequiredValue(_models).Select(Parse)];
        Check(models);
        ComputeOptions compute = CommonOptions.Compute(parsed);
        CommonOptions.TellDevice(_context, parsed, compute);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(new LogLines(_context));
        string host = parsed.GetValue(_host) ?? "127.0.0.1";
        builder.WebHost.UseUrls($"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host.Trim('[', ']')}]" : host)}:{parsed.GetValue(_port) ?? DefaultPort}");
        IHealthChecksBuilder health = builder.Services.AddHealthChecks();
        foreach ((string name, string path) in models)
        {
            builder.Services.AddImageClassifier(name, path, options =>
            {
                options.Compute = compute;
                options.MaxBatch = parsed.GetValue(_maxBatch) ?? options.MaxBatch;
                options.Top = parsed.GetValue(_top) ?? options.Top;
            });
            health.AddImageClassifier(name, classifier: name);
        }

        builder.Services.AddOpenApi();
        await using WebApplication app = builder.Build();
        using var metrics = new PrometheusText("MLClassify", app.Services.GetRequiredService<IMeterFactory>());
        Map(app, models, metrics);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new IOException($"{host}:{parsed.GetValue(_port) ?? DefaultPort} cannot be listened on: {e.InnerException.Message.TrimEnd('.')}; another --port may be free", e);
        }

        Tell(app, models, parsed.GetValue(CommonOptions.Json));
        await WaitAsync(app, cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }

    // Ctrl-C and SIGTERM end the application: requests under way are answered.
    private static async Task WaitAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration byUser = cancellationToken.Register(stopping.SetResult);
        using CancellationTokenRegistration byHost = app.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult());
        await stopping.Task.ConfigureAwait(false);
        await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static void Map(WebApplication app, (string Name, string Path)[] models, PrometheusText metrics)
    {
        foreach ((string name, _) in models)
        {
            string prefix = models.Length == 1 ? "" : $"/{name}";
            app.MapImageClassifier($"{prefix}/predict", name);
            app.MapImageClassifierPage(models.Length == 1 ? "/" : prefix, $"{prefix}/predict", name);
        }

        if (models.Length > 1)
        {
            app.MapGet("/", (HttpContext context) => context.Response.WriteAsync(Index(models))).ExcludeFromDescription();
        }

        app.MapGet("/models", (HttpContext context) =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            return context.Response.WriteAsync(JsonLine.Text(new { Models = models.Select(model => Describe(app.Services.GetRequiredKeyedService<PredictionService>(model.Name), model, models.Length)) }));
        });
        app.MapGet("/metrics", (HttpContext context) =>
        {
            context.Response.ContentType = PrometheusText.ContentType;
            return context.Response.WriteAsync(metrics.Write());
        }).ExcludeFromDescription();
        app.MapHealthChecks("/health");
        app.MapOpenApi();
    }

    private static object Describe(PredictionService service, (string Name, string Path) model, int count)
    {
        ImageClassifier classifier = service.Classifier;
        return new
        {
            model.Name,
            File = Path.GetFileName(Path.TrimEndingDirectorySeparator(model.Path)),
            Predict = count == 1 ? "/predict" : $"/{model.Name}/predict",
            Network = classifier.Network.Name,
            InputSize = classifier.Preprocessing.CropSize,
            classifier.Labels,
        };
    }

    private static string Index((string Name, string Path)[] models) =>
        "Image classifiers:\n" + string.Concat(models.Select(model => $"/{model.Name}  a page; POST /{model.Name}/predict\n")) + "/models  /health  /metrics  /openapi/v1.json\n";

    private static (string Name, string Path) Parse(string text)
    {
        // A path with '=' in it, which is there, is a path.
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at <= 0 || Path.Exists(text) ? (NameOf(text), text) : (text[..at], text[(at + 1)..]);
    }

    // 'runs/pets3/weights/best.safetensors' is pets3's.
    private static string NameOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        return name is "best" or "last" && Path.GetFileName(folder) == "weights" ? Path.GetFileName(Path.GetDirectoryName(folder)!) : name;
    }

    private static void Check((string Name, string Path)[] models)
    {
        string[] taken = ["models", "metrics", "health", "openapi"];
        foreach ((string name, string path) in models)
        {
            if (!Path.Exists(path))
            {
                throw new FileNotFoundException($"{path}: there is no such file or folder");
            }

            if (models.Length > 1 && (name.Length == 0 || taken.Contains(name, StringComparer.OrdinalIgnoreCase) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))))
            {
                throw new UsageException($"'{name}' cannot be part of an address here: give the model another name, as in pets={path}");
            }
        }

        if (models.GroupBy(model => model.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"two models are called '{twice.Key}': give them names, as in {twice.Key}-2={twice.Last().Path}");
        }
    }

    private void Tell(WebApplication app, (string Name, string Path)[] models, bool isJson)
    {
        string address = app.Urls.First();
        if (isJson)
        {
            JsonLine.Write(_context.Output, new { Event = "serving", Address = address, Models = models.Select(model => model.Name) });
            return;
        }

        foreach ((string name, _) in models)
        {
            ImageClassifier classifier = app.Services.GetRequiredKeyedService<PredictionService>(name).Classifier;
            _context.Output.WriteLine(DisplayLine.Clean($"{name}: {classifier}"));
        }

        string prefix = models.Length == 1 ? "" : $"/{models[0].Name}";
        _context.Output.WriteLine($"page:    {address}{prefix}/");
        _context.Output.WriteLine($"API:     curl -F file=@photo.jpg {address}{prefix}/predict");
        _context.Output.WriteLine($"also:    /models, /health, /metrics (Prometheus), /openapi/v1.json");
        if (IPAddress.TryParse(new Uri(address).Host, out IPAddress? listened) && !IPAddress.IsLoopback(listened))
        {
            _context.Warn("everybody who reaches this machine can use it: there is no password; put a proxy with authentication in front of it");
        }

        _context.Output.WriteLine("Ctrl-C ends it, after the requests under way");
    }
}
