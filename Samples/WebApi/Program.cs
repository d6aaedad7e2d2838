using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MLClassify.Samples;

Option<string?> model = Arguments.Text("--model", "FILE", "The model: what training wrote, or an ONNX file.");
model.Required = true;
Option<string?> urls = Arguments.Text("--urls", "URL", "Where it listens. Default http://127.0.0.1:5080.");
Option<int?> threads = Arguments.Number<int>("--threads", "Threads that compute. Default 0: all cores.");
Option<int?> top = Arguments.Number<int>("--top", "How many classes an answer lists. Default 5.");
var command = new RootCommand("A classifier as a web service.") { model, urls, threads, top };

// The application ends itself on Ctrl-C. A model that is none, a port that is taken: one line says it.
return await SampleHost.InvokeAsync(command, ServeAsync, args, Console.Out, Console.Error, CancellationToken.None);

async Task<int> ServeAsync(ParseResult parsed)
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
    builder.WebHost.UseUrls(parsed.GetValue(urls) ?? "http://127.0.0.1:5080");
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);    // One line says why it does not start.
    builder.Services.AddImageClassifier(parsed.GetRequiredValue(model)!, options =>
    {
        options.Threads = parsed.GetValue(threads) ?? options.Threads;
        options.Top = parsed.GetValue(top) ?? options.Top;
    });
    builder.Services.AddHealthChecks().AddImageClassifier();

    WebApplication app = builder.Build();
    app.MapImageClassifier("/predict");
    app.MapImageClassifierPage("/");
    app.MapHealthChecks("/health");
    await app.RunAsync();
    return 0;
}
