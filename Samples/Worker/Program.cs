using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MLClassify.Samples;
using MLClassify.Samples.Worker;

Option<string?> model = Arguments.Text("--model", "FILE", "The model: what training wrote, or an ONNX file. Another one in its place is taken up while the worker runs.");
model.Required = true;
Option<string?> inbox = Arguments.Text("--inbox", "DIR", "The folder that photos are put into.");
inbox.Required = true;
Option<string?> sorted = Arguments.Text("--out", "DIR", "Where they go, a folder a class. Default: DIR/sorted beside the inbox.");
Option<bool> once = new("--once") { Description = "Ends when the inbox is empty." };
var command = new RootCommand("Sorts the photos that are put into a folder.") { model, inbox, sorted, once };
return await SampleHost.InvokeAsync(command, SortAsync, args, Console.Out, Console.Error, CancellationToken.None);

async Task<int> SortAsync(ParseResult parsed)
{
    string from = Path.GetFullPath(parsed.GetRequiredValue(inbox)!);
    HostApplicationBuilder builder = Host.CreateApplicationBuilder();
    builder.Services.AddImageClassifier(parsed.GetRequiredValue(model)!);
    builder.Services.AddSingleton(new Folders(from, Path.GetFullPath(parsed.GetValue(sorted) ?? Path.Combine(from, "..", "sorted")), parsed.GetValue(once)));
    builder.Services.AddHostedService<PhotoSorter>();
    await builder.Build().RunAsync();
    return 0;
}
