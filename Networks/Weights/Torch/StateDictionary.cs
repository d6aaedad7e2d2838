using MLClassify.Networks.Weights.Pickle;

namespace MLClassify.Networks.Weights.Torch;

/// <summary>Finds the tensors in what a PyTorch file holds: a state dict, bare or inside a checkpoint.</summary>
internal static class StateDictionary
{
    private const int MaximumNesting = 4;

    private static readonly string[] Wrappers = ["state_dict", "model", "net"];

    /// <summary>The named tensors, in the file's order.</summary>
    /// <param name="root">The unpickled object.</param>
    /// <param name="file">The file, for messages.</param>
    public static List<(string Name, TorchTensor Tensor)> TensorsOf(object? root, string file)
    {
        object? value = root;
        for (int depth = 0; depth < MaximumNesting && value is PickleDictionary dictionary; depth++)
        {
            if (Wrappers.Select(w => dictionary[w]).OfType<PickleDictionary>().FirstOrDefault() is { } inner)
            {
                value = inner;
                continue;
            }

            List<(string, TorchTensor)> tensors = [.. dictionary.Keys.Where(k => dictionary[k] is TorchTensor).Select(k => (k, (TorchTensor)dictionary[k]!))];
            if (tensors.Count > 0)
            {
                return tensors;
            }

            break;
        }

        throw new InvalidWeightsException(file, "the file holds no state dict", expected: "named tensors, or state_dict, model or net with them");
    }
}
