using MLClassify.Samples.WebApi;

if (Arguments.Parse(args, Console.Error) is not { } arguments)
{
    return 2;
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.WebHost.UseUrls(arguments.Urls);
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);    // Below, one line says why it does not start.
builder.Services.AddImageClassifier(arguments.Model, options =>
{
    options.Threads = arguments.Threads;
    options.Top = arguments.Top;
});
builder.Services.AddHealthChecks().AddImageClassifier();

WebApplication app = builder.Build();
app.MapImageClassifier("/predict");
app.MapImageClassifierPage("/");
app.MapHealthChecks("/health");
try
{
    await app.RunAsync();
    return 0;
}
catch (Exception error) when (error is not OutOfMemoryException)
{
    // A model that is none, a port that is taken: one line says it.
    Console.Error.WriteLine($"error: {error.Message}");
    return 1;
}
