namespace MLClassify;

/// <summary>The precision of an engine's products and maps. Weights, their statistics and the optimizer's state are float32 in any case.</summary>
public enum ComputePrecision
{
    /// <summary>What suits the device: bfloat16 for training on a graphics card that has it, float32 elsewhere.</summary>
    Auto,

    /// <summary>32-bit floats throughout.</summary>
    Float32,

    /// <summary>32-bit floats whose products are rounded to 10 bits of fraction, on graphics cards from NVIDIA's Ampere on; float32 elsewhere.</summary>
    Tf32,

    /// <summary>16 bits with the range of float32 and 8 bits of fraction.</summary>
    BFloat16,

    /// <summary>16 bits with 11 bits of fraction and a small range, for which the loss is scaled.</summary>
    Float16,
}
