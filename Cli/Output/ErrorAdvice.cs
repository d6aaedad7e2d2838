using MLClassify.Reports;
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
        WeightsUnavailableException { IsOffline: true } e =>
            $"'mlclassify backbones import {e.Weights.FileName}' copies it there, and without --offline it is downloaded",
        WeightsUnavailableException e => $"'mlclassify backbones import {e.Weights.FileName}' copies it there",
        RunExistsException => "--overwrite replaces it, and --resume goes on with one that was interrupted",
        UnknownWeightsException => "'mlclassify backbones import FILE --name NETWORK' does the latter",
        InvalidDatasetException { IsRawDataset: true } => "'mlclassify data unpack' does that",
        InvalidWeightsException { Reason: InvalidWeightsReason.WeightsInsteadOfModel } => "--backbone and --weights take such files",
        InvalidWeightsException { Reason: InvalidWeightsReason.ModelInsteadOfWeights } => "--from takes such files",
        _ => null,
    };
}
