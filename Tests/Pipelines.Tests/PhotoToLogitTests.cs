using System.Formats.Tar;
using System.Text.Json;
using MLClassify.Engines;
using MLClassify.Engines.Cpu;
using MLClassify.Graphs;
using MLClassify.Imaging;
using MLClassify.Networks;
using MLClassify.Preprocessing;
using MLClassify.WeightFiles;

namespace MLClassify.Tests;

/// <summary>The whole way from a file's bytes to logits, against PyTorch's on the same photos: decoder, resize, normalization, weights, kernels.</summary>
public class PhotoToLogitTests
{
    // The reference states five decimals of logits up to about 25; float32 in another order of sums gives the rest.
    private const double Tolerance = 1e-4;

    [DataFact]
    public void SqueezeNet_ReferencePhotos_GivesTheReferenceLogitsFromEveryFormat()
    {
        Dictionary<string, float[]> expected = ReadReference();
        Dictionary<string, byte[]> photos = ReadPhotos(expected.Keys);
        Assert.Equal(expected.Count, photos.Count);
        using var engine = new CpuEngine();
        Dictionary<string, float[]> first = Logits("squeezenet1_1.safetensors", photos, engine);
        foreach ((string name, float[] logits) in expected)
        {
            Assert.Equal(logits.Length, first[name].Length);
            for (int i = 0; i < logits.Length; i++)
            {
                Assert.True(Math.Abs(logits[i] - first[name][i]) <= Tolerance, $"{name}, class {i}: expected {logits[i]}, found {first[name][i]}");
            }
        }

        foreach (string file in new[] { "squeezenet1_1.pth", "squeezenet1_1.legacy.pth" })
        {
            Dictionary<string, float[]> found = Logits(file, photos, engine);
            Assert.All(first, f => Assert.Equal(f.Value, found[f.Key]));
        }
    }

    private static Dictionary<string, float[]> Logits(string file, Dictionary<string, byte[]> photos, Engine engine)
    {
        Graph graph = NetworkRegistry.Default.Get("squeezenet1_1").Build(new NetworkOptions());
        using ParameterStore parameters = engine.CreateParameters(graph.Parameters);
        using IWeightFile weights = WeightFile.Open(SharedData.Path("weights", file));
        Assert.True(WeightLoader.Load(parameters, graph, weights).IsComplete);
        using IInferenceSession session = engine.CreateInference(graph, parameters, 1);
        float[] input = new float[session.InputShape.Count];
        var preprocessor = new Preprocessor(PreprocessingSpec.ImageNet());
        var logits = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach ((string name, byte[] photo) in photos)
        {
            preprocessor.Apply(Image.Decode(photo), input);
            logits.Add(name, session.Run(input).ToArray());
        }

        return logits;
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
