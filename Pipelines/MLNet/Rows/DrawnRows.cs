using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Which rows of data were drawn.</summary>
/// <param name="ByNumber">Whether a row is one of them, by its number when the data is read by one cursor.</param>
/// <param name="ById">
/// The same by the row's identity, which is all that the cursors of a set have in common with that one; null where rows share an identity.
/// </param>
internal sealed record DrawnRows(bool[] ByNumber, IReadOnlyDictionary<DataViewRowId, bool>? ById);
