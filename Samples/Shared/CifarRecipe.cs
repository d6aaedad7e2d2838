using MLClassify.Networks;

namespace MLClassify.Samples;

/// <summary>How the CIFAR-10 samples train a network from random initialization.</summary>
internal static class CifarRecipe
{
    /// <summary>
    /// A network for 32 x 32 pixels, the default, learns from random initialization by its paper's recipe, for fewer epochs; the others are fine-tuned from their
    /// published weights on enlarged images.
    /// </summary>
    /// <param name="backbone">The network.</param>
    /// <param name="epochs">Epochs; 20 when null.</param>
    public static FineTuneOptions? Of(string backbone, int? epochs) =>
        NetworkRegistry.Default.Get(backbone).DefaultInputSize == 32 ? TrainingRecipe.Cifar(backbone, epochs ?? 20) : null;
}
