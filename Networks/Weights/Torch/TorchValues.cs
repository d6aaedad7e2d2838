namespace MLClassify.Networks.Weights.Torch;

/// <summary>A storage: values in a row, of which tensors are views.</summary>
/// <param name="Key">Its key: an entry's name in a zip file, a key before the bytes in the older format.</param>
/// <param name="Type">The values' type.</param>
/// <param name="Count">How many values the pickle claims.</param>
internal sealed record TorchStorage(string Key, ElementType Type, long Count);

/// <summary>A tensor: a strided view of a storage, checked to lie within it.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">The first value.</param>
/// <param name="Dimensions">Dimensions, outermost first.</param>
/// <param name="Strides">For each dimension, values from one index to the next.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Dimensions, long[] Strides);
