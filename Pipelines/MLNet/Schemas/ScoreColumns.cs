using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>The columns of a multiclass scorer with the annotations that ML.NET's own scorers give, by which evaluators and others know them.</summary>
internal static class ScoreColumns
{
    private const string SetId = "ScoreColumnSetId";

    // As many as ML.NET has; a file of another count would be refused by its comparisons of types.
    private static readonly KeyDataViewType SetIdType = new(typeof(uint), int.MaxValue);

    /// <summary>Describes both columns, the predicted label first.</summary>
    /// <param name="input">The input's columns, whose scores have other set numbers; null where only types matter.</param>
    /// <param name="predictedLabel">The name of the column with the likeliest class.</param>
    /// <param name="score">The name of the column with the probabilities.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="names">What the keys stand for; null where nobody knows.</param>
    public static DataViewSchema.DetachedColumn[] Describe(DataViewSchema? input, string predictedLabel, string score, int classes, KeyNames? names)
    {
        uint set = 1 + (input is null ? 0 : input.Max(c => (uint?)SetOf(c)) ?? 0);
        var key = new DataViewSchema.Annotations.Builder();
        AddKind(key, "PredictedLabel", set);
        names?.AddTo(key, KeyNames.Kind);
        var numbers = new DataViewSchema.Annotations.Builder();
        AddKind(numbers, "Score", set);
        if (names is not null)
        {
            names.AddTo(numbers, "TrainingLabelValues");
            KeyNames.FromText(names.Names).AddTo(numbers, "SlotNames");
        }

        return
        [
            new(predictedLabel, new KeyDataViewType(typeof(uint), classes), key.ToAnnotations()),
            new(score, new VectorDataViewType(NumberDataViewType.Single, classes), numbers.ToAnnotations()),
        ];
    }

    private static void AddKind(DataViewSchema.Annotations.Builder builder, string value, uint set)
    {
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, "MulticlassClassification".AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, value.AsMemory());
        builder.AddPrimitiveValue(SetId, SetIdType, set);
    }

    private static uint SetOf(DataViewSchema.Column column)
    {
        uint value = 0;
        if (column.Annotations.Schema.GetColumnOrNull(SetId)?.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint))
        {
            column.Annotations.GetValue(SetId, ref value);
        }

        return value;
    }
}
