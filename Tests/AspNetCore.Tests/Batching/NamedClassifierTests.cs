using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MLClassify.AspNetCore.Tests.Support;
using MLClassify.Hosting;

namespace MLClassify.AspNetCore.Tests.Batching;

[Collection(ModelCollection.Name)]
public sealed class NamedClassifierTests(ModelFixture model)
{
    [Fact]
    public async Task Add_TwoNames_EachAnswersFromItsModel()
    {
        using ImageClassifier other = model.WithLabels("x", "y", "z");
        await using WebApplication app = Build(services => services
            .AddImageClassifier("colors", model.Path)
            .AddImageClassifier("letters", other, options => options.Top = 1));
        app.MapImageClassifier("/colors", "colors");
        app.MapImageClassifier("/letters", "letters");
        app.MapImageClassifierPage("/", "/letters", "letters");
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("blue", (string?)(await PostAsync(client, "/colors"))["label"]);
        JsonNode letters = await PostAsync(client, "/letters");
        Assert.Equal("x", (string?)letters["label"]);
        Assert.Single(letters["top"]!.AsArray());
        Assert.Contains("<bdi>x</bdi>, <bdi>y</bdi>", await client.GetStringAsync(new Uri("/", UriKind.Relative)), StringComparison.Ordinal);
        Assert.Equal(["blue", "green", "red"], app.Services.GetRequiredKeyedService<PredictionService>("colors").Classifier.Labels);
        Assert.Null(app.Services.GetService<PredictionService>());
    }

    [Fact]
    public void Add_NameTwice_Throws()
    {
        var services = new ServiceCollection();
        services.AddImageClassifier("pets", model.Path).AddImageClassifier(model.Path);

        Assert.Contains("'pets' already", Assert.Throws<InvalidOperationException>(() => services.AddImageClassifier("pets", model.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("give the second one a name", Assert.Throws<InvalidOperationException>(() => services.AddImageClassifier(model.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_NameThatIsNone_NamesThoseThereAre()
    {
        await using WebApplication app = Build(services => services.AddImageClassifier("pets", model.Path));

        string message = Assert.Throws<InvalidOperationException>(() => app.MapImageClassifier("/predict", "roses")).Message;

        Assert.Contains("no image classifier 'roses'; there is 'pets'", message, StringComparison.Ordinal);
        Assert.Contains("there is 'pets'", Assert.Throws<InvalidOperationException>(() => app.MapImageClassifier("/predict")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_Section_ReadsTheOptions()
    {
        IConfiguration configuration = Configuration(
            ("Pets:ModelPath", model.Path), ("Pets:MaxBatch", "4"), ("Pets:MaxWait", "00:00:00.010"), ("Pets:Device", "cpu"), ("Pets:Threads", "1"), ("Pets:Views", "flip"));
        await using WebApplication app = Build(services => services.AddImageClassifier("pets", configuration.GetSection("Pets"), options => options.Top = 2));

        ImageClassifierOptions options = app.Services.GetRequiredService<IOptionsMonitor<ImageClassifierOptions>>().Get("pets");

        Assert.Equal((model.Path, 4, TimeSpan.FromMilliseconds(10), 2), (options.ModelPath, options.MaxBatch, options.MaxWait, options.Top));
        Assert.Equal((ComputeDevice.Cpu, 1, TestTimeViews.Flip), (options.Compute.Device, options.Threads, options.Views));
    }

    [Theory]
    [InlineData("MaxBatsh", "4", "Pets:MaxBatsh: there is no such option")]
    [InlineData("MaxBatch", "four", "Pets:MaxBatch: 'four' cannot be used")]
    [InlineData("Views", "upside down", "expected one of None, Flip, TenCrop")]
    public async Task Add_SectionThatIsWrong_NamesTheKey(string key, string value, string expected)
    {
        IConfiguration configuration = Configuration(("Pets:ModelPath", model.Path), ($"Pets:{key}", value));
        await using WebApplication app = Build(services => services.AddImageClassifier(configuration.GetSection("Pets")));

        Assert.Contains(expected, (await Assert.ThrowsAnyAsync<InvalidOperationException>(() => app.StartAsync())).Message, StringComparison.Ordinal);
    }

    // Every option can stand in a file: a new one must be added to the keys.
    [Fact]
    public void Section_EveryOption_IsAKey()
    {
        string message = Assert.Throws<InvalidOperationException>(
            () => OptionsSection.Bind(Configuration(("none", "1")), new ImageClassifierOptions())).Message;

        Assert.All(
            typeof(ImageClassifierOptions).GetProperties().Select(property => property.Name).Where(name => name != nameof(ImageClassifierOptions.Compute)),
            name => Assert.Contains($" {name}", message, StringComparison.Ordinal));
        Assert.All(typeof(ComputeOptions).GetProperties().Select(property => property.Name).Where(name => name != nameof(ComputeOptions.LoaderThreads)), name => Assert.Contains($" {name}", message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task WithImageProblems_OwnEndpoint_AnswersABadUploadWithItsReason()
    {
        await using WebApplication app = Build(services => services.AddImageClassifier(model.Path, options => options.MaxImageBytes = 100_000));
        PredictionService service = app.Services.GetRequiredService<PredictionService>();
        RouteGroupBuilder group = app.MapGroup("/own").WithImageProblems();
        group.MapPost("/label", async (HttpRequest request) => (await service.PredictAsync(request.Body, request.HttpContext.RequestAborted)).Label);
        app.MapPost("/plain", async (HttpRequest request) => (await service.PredictAsync(request.Body)).Label);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using HttpResponseMessage good = await client.PostAsync(new Uri("/own/label", UriKind.Relative), Server.Body(model.Image()));
        Assert.Equal("blue", await good.Content.ReadAsStringAsync());
        Assert.Equal((400, "invalid_image"), await RefusedAsync(client, "/own/label", new byte[10]));
        Assert.Equal((413, "too_large"), await RefusedAsync(client, "/own/label", new byte[200_000]));
        Assert.Equal((415, "unsupported_image"), await RefusedAsync(client, "/own/label", [.. "RIFF"u8, 20, 0, 0, 0, .. "WEBPVP8 "u8, .. new byte[12]]));
        using HttpResponseMessage plain = await client.PostAsync(new Uri("/plain", UriKind.Relative), Server.Body(new byte[10]));
        Assert.Equal(500, (int)plain.StatusCode);
    }

    [Fact]
    public async Task OpenApi_MappedClassifier_StandsInTheDocument()
    {
        await using WebApplication app = Build(services => services.AddOpenApi().AddImageClassifier("pets", model.Path));
        app.MapImageClassifier("/predict", "pets");
        app.MapOpenApi();
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        JsonNode operation = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!["paths"]!["/predict"]!["post"]!;

        Assert.Contains("16777216 bytes", (string?)operation["description"], StringComparison.Ordinal);
        Assert.Contains("multipart/form-data", operation["requestBody"]!["content"]!.AsObject().Select(entry => entry.Key));
        Assert.Equal(["200", "400", "408", "413", "415", "500", "503"], operation["responses"]!.AsObject().Select(entry => entry.Key));
        Assert.NotNull(operation["responses"]!["400"]!["content"]!["application/problem+json"]);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] entries) =>
        new ConfigurationBuilder().AddInMemoryCollection(entries.Select(entry => new KeyValuePair<string, string?>(entry.Key, entry.Value))).Build();

    private static WebApplication Build(Action<IServiceCollection> add)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder.Services);
        return builder.Build();
    }

    private async Task<JsonNode> PostAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.PostAsync(new Uri(path, UriKind.Relative), Server.Body(model.Image()));
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<(int Status, string? Reason)> RefusedAsync(HttpClient client, string path, byte[] body)
    {
        using HttpResponseMessage response = await client.PostAsync(new Uri(path, UriKind.Relative), Server.Body(body));
        return ((int)response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["reason"]);
    }
}
