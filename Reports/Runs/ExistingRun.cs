namespace MLClassify.Reports;

/// <summary>What becomes of an earlier run in the folder that a run is to be written to.</summary>
public enum ExistingRun
{
    /// <summary>It stays, and the folder is refused.</summary>
    Refuse,

    /// <summary>It stays, and a free name beside it is taken: <c>flowers-2</c>, <c>flowers-3</c>, ...</summary>
    Number,

    /// <summary>Its files are removed. Others in the folder stay.</summary>
    Replace,
}
