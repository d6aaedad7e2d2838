using System.Globalization;
using MLClassify;
using MLClassify.DeviceBench;
using MLClassify.Engines;
using MLClassify.Graphs;
using MLClassify.Models;
using MLClassify.Networks;

// DeviceBench devices
// DeviceBench DEVICE NETWORKS BATCHES PRECISIONS SECONDS    lists separated by commas; a line of CSV for each combination
if (args is ["devices"])
{
    foreach (ComputeDeviceStatus status in ComputeDevices.List())
    {
        Console.WriteLine($"{status.Device}: {(status.Problem is null ? "usable" : "not usable, " + status.Problem)} ({status.Description})");
    }

    return 0;
}

if (args is not [var device, var networks, var batches, var precisions, var seconds])
{
    Console.Error.WriteLine("usage: DeviceBench devices | DEVICE NETWORKS BATCHES PRECISIONS SECONDS");
    return 2;
}

var limit = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
foreach (string precision in precisions.Split(','))
{
    using Engine engine = ModelFactory.CreateEngine(new ComputeOptions { Device = ComputeDevice.Parse(device), Precision = Enum.Parse<ComputePrecision>(precision, ignoreCase: true) });
    foreach (string network in networks.Split(','))
    {
        Graph graph = NetworkRegistry.Default.Get(network).Build(new NetworkOptions { Classes = 1_000 });
        using ParameterStore parameters = ModelFactory.CreateParameters(engine, graph, p => p.Initialize(1));
        foreach (int batch in batches.Split(',').Select(b => int.Parse(b, CultureInfo.InvariantCulture)))
        {
            foreach ((string mode, Func<double> measure) in new (string, Func<double>)[]
            {
                ("train", () => Speed.OfTraining(engine, graph, parameters, batch, limit)),
                ("inference", () => Speed.OfInference(engine, graph, parameters, batch, limit)),
            })
            {
                string result;
                try
                {
                    result = measure().ToString("F1", CultureInfo.InvariantCulture);
                }
                catch (OutOfMemoryException e)
                {
                    result = "";
                    Console.Error.WriteLine(e.Message);
                }

                Console.WriteLine($"mlclassify,{network},{mode},{batch},{precision},{result}");
                Console.Out.Flush();
            }
        }
    }
}

return 0;
