using Microsoft.AspNetCore.WebUtilities;

namespace MLClassify.AspNetCore.Http;

/// <summary>What came of one file: a prediction or a failure.</summary>
internal sealed record FileAnswer(string? Name, Prediction? Prediction, Failure? Failure)
{
    public FileDocument ToDocument(int top) => new()
    {
        File = Name,
        Label = Prediction?.Label,
        Score = Prediction?.Score,
        Top = Prediction?.Top(top).Select(entry => new ClassDocument(entry.Label, entry.Score)).ToArray(),
        Error = Failure is null ? null : Problem(Failure),
    };

    public static ProblemDocument Problem(Failure failure) =>
        new(ReasonPhrases.GetReasonPhrase(failure.Status), failure.Status, failure.Detail, failure.Reason);
}
