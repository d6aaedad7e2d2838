#:sdk Microsoft.NET.Sdk.Web
#:package MLClassify.AspNetCore@VERSION
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false
#:property InvariantGlobalization=true

// What a user of the packages writes: a web service with two models, both put in place anew again and again while clients ask.
// dotnet run --file user_service.cs -- MODEL IMAGE PREDICTIONS: ends with 0 when no answer was wrong and none was lost.
using System.Diagnostics;
using System.Net.Http.Json;
using MLClassify;
using MLClassify.Hosting;

const int Clients = 16;
(string model, string image, int wanted) = (args[0], args[1], int.Parse(args[2]));
string folder = Directory.CreateTempSubdirectory().FullName;
string[] names = ["first", "second"];
foreach (string name in names)
{
    File.Copy(model, Path.Combine(folder, name + ".safetensors"));
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.WebHost.UseUrls("http://127.0.0.1:0");
foreach (string name in names)
{
    builder.Services.AddImageClassifier(name, Path.Combine(folder, name + ".safetensors"), options => options.ReloadInterval = TimeSpan.Zero);
}

await using WebApplication app = builder.Build();
foreach (string name in names)
{
    app.MapImageClassifier($"/{name}", name);
}

await app.StartAsync();
PredictionService[] services = [.. names.Select(name => app.Services.GetRequiredKeyedService<PredictionService>(name))];
byte[] photo = File.ReadAllBytes(image);
Prediction expected;
using (ImageClassifier classifier = ImageClassifier.Load(model))
{
    expected = classifier.Predict(photo);
}

using var done = new CancellationTokenSource();
int reloads = 0;
Task reloading = Task.Run(async () =>
{
    while (!done.IsCancellationRequested)
    {
        // As a retraining does it: a complete file, renamed into place.
        string name = names[reloads % 2];
        string path = Path.Combine(folder, name + ".safetensors");
        File.Copy(model, path + ".new");
        File.Move(path + ".new", path, overwrite: true);
        await services[reloads % 2].ReloadAsync();
        reloads++;
        await Task.Delay(TimeSpan.FromMilliseconds(500), done.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
});

using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), Timeout = TimeSpan.FromMinutes(5) };
int asked = 0, right = 0;
long[] memory = new long[4];
var clock = Stopwatch.StartNew();
await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
{
    int number;
    while ((number = Interlocked.Increment(ref asked)) <= wanted)
    {
        using HttpResponseMessage response = await client.PostAsync("/" + names[number % 2], new ByteArrayContent(photo) { Headers = { { "Content-Type", "image/jpeg" } } });
        Answer? answer = await response.Content.ReadFromJsonAsync<Answer>();
        bool isRight = response.IsSuccessStatusCode && answer?.Label == expected.Label && Math.Abs(answer.Score - expected.Score) < 1e-4;
        Interlocked.Add(ref right, isRight ? 1 : 0);
        if (number % Math.Max(1, wanted / 4) == 0)
        {
            memory[Math.Min(3, (4 * number / wanted) - 1)] = Process.GetCurrentProcess().WorkingSet64 >> 20;
        }
    }
})));
TimeSpan taken = clock.Elapsed;
await done.CancelAsync();
await reloading;
await app.StopAsync();
Directory.Delete(folder, recursive: true);
Console.WriteLine($"{right} of {wanted} right, {reloads} reloads, {wanted / taken.TotalSeconds:0} a second, {string.Join(", ", memory)} MB after each quarter");
return right == wanted && reloads > 1 ? 0 : 1;

internal sealed record Answer(string Label, float Score);
