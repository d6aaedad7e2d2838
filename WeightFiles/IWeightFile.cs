namespace MLClassify.WeightFiles;

/// <summary>An open weight file; closed when disposed. One caller at a time.</summary>
public interface IWeightFile : IWeightSource, IDisposable;
