using MLClassify.Graphs;

namespace MLClassify.WeightFiles.Torch;

/// <summary>The names of PyTorch's pickles: what they stand for, which are harmless, and why others are refused.</summary>
internal static class TorchNames
{
    public const string Tensor = "torch._utils._rebuild_tensor";
    public const string Tensor2 = "torch._utils._rebuild_tensor_v2";
    public const string Tensor3 = "torch._utils._rebuild_tensor_v3";
    public const string Parameter = "torch._utils._rebuild_parameter";
    public const string ParameterWithState = "torch._utils._rebuild_parameter_with_state";
    public const string FromType = "torch._tensor._rebuild_from_type_v2";
    public const string Ordered = "collections.OrderedDict";
    public const string Default = "collections.defaultdict";
    public const string Counter = "collections.Counter";
    public const string Size = "torch.Size";

    private const string Programs = "in Python: torch.save(model.state_dict(), PATH)";

    /// <summary>Storages, whose class is their values' type.</summary>
    public static IReadOnlyDictionary<string, ElementType> Storages { get; } = new Dictionary<string, ElementType>(StringComparer.Ordinal)
    {
        ["torch.FloatStorage"] = ElementType.F32,
        ["torch.DoubleStorage"] = ElementType.F64,
        ["torch.HalfStorage"] = ElementType.F16,
        ["torch.BFloat16Storage"] = ElementType.BF16,
        ["torch.LongStorage"] = ElementType.I64,
        ["torch.IntStorage"] = ElementType.I32,
        ["torch.ShortStorage"] = ElementType.I16,
        ["torch.CharStorage"] = ElementType.I8,
        ["torch.ByteStorage"] = ElementType.U8,
        ["torch.BoolStorage"] = ElementType.Bool,
        ["torch.storage.UntypedStorage"] = ElementType.U8,
    };

    /// <summary>Types of values, which a tensor names whose storage has none.</summary>
    public static IReadOnlyDictionary<string, ElementType> Types { get; } = new Dictionary<string, ElementType>(StringComparer.Ordinal)
    {
        ["torch.float32"] = ElementType.F32,
        ["torch.float64"] = ElementType.F64,
        ["torch.float16"] = ElementType.F16,
        ["torch.bfloat16"] = ElementType.BF16,
        ["torch.int64"] = ElementType.I64,
        ["torch.int32"] = ElementType.I32,
        ["torch.int16"] = ElementType.I16,
        ["torch.int8"] = ElementType.I8,
        ["torch.uint64"] = ElementType.U64,
        ["torch.uint32"] = ElementType.U32,
        ["torch.uint16"] = ElementType.U16,
        ["torch.uint8"] = ElementType.U8,
        ["torch.bool"] = ElementType.Bool,
    };

    /// <summary>Classes of plain data that checkpoints carry beside their weights; their objects are passed over.</summary>
    public static IReadOnlySet<string> Inert { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "argparse.Namespace", "torch.device", "torch.nn.parameter.Parameter", "torch.Tensor",
        "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset", "builtins.complex", "__builtin__.complex",
        "builtins.list", "__builtin__.list", "builtins.dict", "__builtin__.dict", "builtins.int", "__builtin__.int",
        "builtins.float", "__builtin__.float", "builtins.bytearray", "__builtin__.bytearray",
        "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath",
        "pathlib._local.PosixPath", "pathlib._local.WindowsPath",
        "datetime.datetime", "datetime.date", "datetime.timedelta",
    };

    /// <summary>Whether a name calls for a new tensor.</summary>
    public static bool IsTensor(string name) => name is Tensor or Tensor2 or Tensor3 or Parameter or ParameterWithState or FromType;

    /// <summary>Why a name is refused, or null where there is nothing to say but that it is not known.</summary>
    public static string? Refusal(string name) => name switch
    {
        "torch._utils._rebuild_qtensor" or "torch.QInt8Storage" or "torch.QUInt8Storage" or "torch.QInt32Storage" =>
            $"quantized tensors are not supported; {Programs} before quantizing",
        "torch._utils._rebuild_sparse_tensor" or "torch._utils._rebuild_sparse_csr_tensor" =>
            "sparse tensors are not supported; in Python: tensor.to_dense()",
        "torch._utils._rebuild_nested_tensor" or "torch._utils._rebuild_meta_tensor_no_storage" => "nested and empty tensors are not supported",
        "torch.ComplexFloatStorage" or "torch.ComplexDoubleStorage" or "torch.complex64" or "torch.complex128" =>
            "complex numbers are not supported",
        _ when name.StartsWith("torch.float8_", StringComparison.Ordinal) => "values of 8 bits are not supported; in Python: tensor.float()",
        _ when IsProgram(name) => $"the file holds a whole module or other objects instead of a state dict; nothing of it was run; {Programs}",
        _ => null,
    };

    private static bool IsProgram(string name) => ((string[])["torch.nn.", "torchvision.", "timm.", "__torch__.", "__main__.", "models.", "torch.optim."])
        .Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
