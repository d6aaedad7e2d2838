using MLClassify.Imaging;

namespace MLClassify.MLNet.Tests;

/// <summary>A row to predict.</summary>
internal sealed class PathRow
{
    public string ImagePath { get; set; } = "";
}

/// <summary>A row to train on.</summary>
internal sealed class LabeledRow
{
    public string ImagePath { get; set; } = "";

    public byte[] Image { get; set; } = [];

    public string Class { get; set; } = "";

    public int Number { get; set; }
}

/// <summary>What a prediction engine gives.</summary>
internal sealed class Predicted
{
    public string PredictedClass { get; set; } = "";

    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];
}
