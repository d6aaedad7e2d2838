using System.Formats.Tar;
using System.Text.Json;
using MLClassify.Graphs;
using MLClassify.Graphs.Devices;
using MLClassify.Graphs.Sessions;
using MLClassify.Imaging;
using MLClassify.Networks;
using MLClassify.Networks.Weights;
using MLClassify.Preprocessing;
using MLClassify.Tests.Shared;

namespace MLClassify.Tests;

/// <summary>The whole way from a file's bytes to logits, against PyTorch's on the same photos: decoder, resize, normalisation, weights, kernels.</summary>
public class PhotoToLogitTests
{
    // What the reference states: five decimals of logits up to about 25, behind decoders and resizers that agree bit for bit.
    private const double Tolerance = 1e-3;

    [DataFact]
    public void SqueezeNet_ReferencePhotos_GivesTheReferenceLogits()
    {
        Dictionary<string, float[]> expected = ReadReference();
        using Device device = Device.Cpu();
        Graph graph = NetworkRegistry.Default.Get("squeezenet1_1").Build(new NetworkOptions());
        using var parameters = new ParameterSet(graph.Parameters, device);
        using SafetensorsReader weights = SafetensorsReader.Open(SharedData.Path("weights", "squeezenet1_1.safetensors"));
        WeightLoader.Load(parameters, graph, weights, new LoadOptions());
        using var session = new InferenceSession(graph, parameters, 1);
        var preprocessor = new Preprocessor(PreprocessingSpec.ImageNet());
        Dictionary<string, byte[]> photos = ReadPhotos(expected.Keys);
        Assert.Equal(expected.Count, photos.Count);
        foreach ((string name, float[] logits) in expected)
        {
            preprocessor.Apply(Image.Decode(photos[name]), session.Input);
            ReadOnlySpan<float> found = session.Run(1);
            Assert.Equal(logits.Length, found.Length);
            for (int i = 0; i < logits.Length; i++)
            {
                Assert.True(Math.Abs(logits[i] - found[i]) <= Tolerance, $"{name}, class {i}: expected {logits[i]}, found {found[i]}");
            }
        }
    }

    private static Dictionary<string, float[]> ReadReference()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedData.Path("weights", "squeezenet1_1.reference.json")));
        return document.RootElement.GetProperty("logits").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(v => v.GetSingle()).ToArray(), StringComparer.Ordinal);
    }

    private static Dictionary<string, byte[]> ReadPhotos(IEnumerable<string> names)
    {
        HashSet<string> wanted = names.Select(n => "flower_photos/" + n).ToHashSet(StringComparer.Ordinal);
        var photos = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using FileStream stream = File.OpenRead(SharedData.Path("flower_photos.tar"));
        using var reader = new TarReader(stream);
        while (photos.Count < wanted.Count && reader.GetNextEntry() is { } entry)
        {
            if (wanted.Contains(entry.Name) && entry.DataStream is not null)
            {
                using var bytes = new MemoryStream();
                entry.DataStream.CopyTo(bytes);
                photos[entry.Name["flower_photos/".Length..]] = bytes.ToArray();
            }
        }

        return photos;
    }
}
