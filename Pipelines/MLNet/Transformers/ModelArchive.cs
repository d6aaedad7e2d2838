using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLClassify.Models;

namespace MLClassify.MLNet;

/// <summary>What a model file must hold to make a transformer again.</summary>
/// <param name="Settings">All but the network.</param>
/// <param name="SaveModel">Writes the network to a file; null where there is none.</param>
internal sealed record ArchivedTransformer(TransformerSettings Settings, Action<string>? SaveModel);

/// <summary>
/// A transformer inside ML.NET's model files: the settings as JSON, and beside them the network as an ordinary model file, which other
/// programs can take out of the zip.
/// </summary>
internal static class ModelArchive
{
    // At most 23 characters have room in a header.
    internal const string LoaderName = "MLClassifyPictures";
    private const string Signature = "MLCLSPIC";
    private const uint Version = 0x00010001;
    private const string SettingsName = "Settings.json";
    private const string ModelName = "Model.safetensors";

    public static void Save(ModelSaveContext context, ArchivedTransformer transformer)
    {
        MLNetInternals.WriteHeader(context, Signature, Version, LoaderName);
        MLNetInternals.WriteStream(context, SettingsName, stream => ArchiveJson.Write(stream, transformer.Settings));
        if (transformer.SaveModel is { } save)
        {
            using var folder = new TemporaryFolder();
            save(folder[ModelName]);
            MLNetInternals.WriteStream(context, ModelName, stream =>
            {
                using FileStream file = File.OpenRead(folder[ModelName]);
                file.CopyTo(stream);
            });
        }
    }

    /// <summary>Called by ML.NET, by this name and these parameters; see <c>Loaders.cs</c>.</summary>
    internal static ITransformer Create(IHostEnvironment environment, ModelLoadContext context)
    {
        ArgumentNullException.ThrowIfNull(environment);
        TransformerSettings? settings = null;
        MLNetInternals.ReadStream(context, SettingsName, stream => settings = TransformerSettings.Read(stream));
        try
        {
            ImageTransformer loaded = settings!.Kind switch
            {
                TransformerKind.Classifier => ImageClassifierTransformer.From(settings, LoadModel(environment, context)),
                TransformerKind.Features => BackboneFeaturesTransformer.Take(settings.ImageColumn, settings.OutputColumn!, settings.Unreadable, LoadModel(environment, context)),
                _ => PixelsTransformer.From(settings),
            };
            loaded.Environment = environment;
            return loaded;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw ArchiveJson.Damaged(e.Message.TrimEnd('.'), e);
        }
    }

    private static TrainedModel LoadModel(IHostEnvironment environment, ModelLoadContext context)
    {
        using var folder = new TemporaryFolder();
        MLNetInternals.ReadStream(context, ModelName, stream =>
        {
            using FileStream file = File.Create(folder[ModelName]);
            stream.CopyTo(file);
        });
        try
        {
            return TrainedModel.Load(folder[ModelName], ContextDevice.Of(environment));
        }
        catch (InvalidWeightsException e)
        {
            throw ArchiveJson.Damaged($"its network cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }
}
