namespace MLClassify.Samples;

/// <summary>A photo to learn from or to predict.</summary>
internal sealed class Photo
{
    /// <summary>The file.</summary>
    public string ImagePath { get; set; } = "";

    /// <summary>What it shows; empty where that is asked.</summary>
    public string Class { get; set; } = "";
}

/// <summary>What a model says of a photo.</summary>
internal sealed class Answer
{
    /// <summary>The likeliest class.</summary>
    public string PredictedClass { get; set; } = "";

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];
}
