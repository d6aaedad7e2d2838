using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Output;

/// <summary>What a user of the command line can do about an error of the libraries, whose messages name no options of the tool.</summary>
internal static class ErrorAdvice
{
    /// <summary>The error's message, followed by advice where there is some.</summary>
    public static string AddTo(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return For(exception) is { } advice ? $"{exception.Message.TrimEnd('.')}; {advice}" : exception.Message;
    }

    private static string? For(Exception exception) => exception switch
    {
        WeightsUnavailableException e => IsOffline(e)
            ? $"'mlclassify backbones import {e.Weights.FileName}' copies it there, and without --offline it is downloaded"
            : $"'mlclassify backbones import {e.Weights.FileName}' copies it there",
        ArgumentException e when Names(e, "import one into the cache") => "'mlclassify backbones import FILE --name NETWORK' does the latter",
        InvalidDatasetException e when Names(e, "RawDataset.WriteFolder") => "'mlclassify data unpack' does that",
        InvalidWeightsException e when Names(e, "without a model's description") => "--backbone and --weights take such files",
        InvalidWeightsException e when Names(e, "it is an initial model") => "--from takes such files",
        _ => null,
    };

    private static bool IsOffline(WeightsUnavailableException exception) =>
        exception.Reason.Contains(WeightsCacheOptions.OfflineVariable, StringComparison.Ordinal);

    private static bool Names(Exception exception, string text) => exception.Message.Contains(text, StringComparison.Ordinal);
}
