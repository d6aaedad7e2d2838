namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Ends the conversion of one node; the importer goes on with the next, so that all reasons are found.</summary>
internal sealed class UnsupportedNodeException : Exception
{
    /// <summary>The node's input is of no known kind, because the node that makes it could not be converted: nothing new to report.</summary>
    public UnsupportedNodeException()
    {
    }

    /// <summary>The node does what is not supported.</summary>
    /// <param name="reason">What, after the operator's name.</param>
    public UnsupportedNodeException(string reason)
        : base(reason) => Reason = reason;

    /// <summary>What is not supported; null where that was reported already.</summary>
    public string? Reason { get; }
}
