namespace MLClassify.Testing;

/// <summary>What ONNX Runtime says about a model, and its outputs for each input.</summary>
/// <param name="Inputs">The names of the model's inputs.</param>
/// <param name="Outputs">The names of the model's outputs.</param>
/// <param name="Results">For each input, the outputs by name.</param>
public sealed record OnnxAnswer(string[] Inputs, string[] Outputs, Dictionary<string, OnnxTensor>[] Results);

/// <summary>A tensor of float32.</summary>
/// <param name="Dims">Its dimensions.</param>
/// <param name="Values">Its values.</param>
public sealed record OnnxTensor(int[] Dims, float[] Values);
