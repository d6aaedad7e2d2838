using MLClassify.Common.Pickle;

namespace MLClassify.WeightFiles.Torch;

/// <summary>
/// Finds the tensors in what a PyTorch file holds: a state dict, bare or inside a checkpoint. Of several, a checkpoint's plain weights
/// come before their moving averages.
/// </summary>
internal static class StateDictionary
{
    private const int MaximumNesting = 4;

    private static readonly string[] Wrappers =
    [
        "state_dict", "model", "net",
        "model_state_dict", "model_state", "network", "weights", "params", "module",
        "state_dict_ema", "model_ema", "ema", "ema_state_dict",
    ];

    /// <summary>The named tensors, in the file's order.</summary>
    /// <param name="root">The unpickled object.</param>
    /// <param name="file">The file, for messages.</param>
    public static List<(string Name, TorchTensor Tensor)> TensorsOf(object? root, string file)
    {
        // A pickle can put one dictionary into many others: each is looked at once.
        var seen = new HashSet<PickleDictionary>(ReferenceEqualityComparer.Instance);
        return Find(root, 0, seen) ?? throw new InvalidWeightsException(
            file, "the file holds no state dict", expected: "named tensors, or state_dict, model or net with them");
    }

    private static List<(string Name, TorchTensor Tensor)>? Find(object? value, int depth, HashSet<PickleDictionary> seen)
    {
        if (depth > MaximumNesting || value is not PickleDictionary dictionary || !seen.Add(dictionary))
        {
            return null;
        }

        foreach (string wrapper in Wrappers)
        {
            if (Find(dictionary[wrapper], depth + 1, seen) is { } inner)
            {
                return inner;
            }
        }

        List<(string, TorchTensor)> tensors = [];
        foreach (string key in dictionary.Keys)
        {
            if (dictionary[key] is TorchTensor tensor)
            {
                tensors.Add((key, tensor));
            }
        }

        return tensors.Count > 0 ? tensors : null;
    }
}
