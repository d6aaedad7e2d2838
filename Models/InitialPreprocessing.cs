using MLClassify.Networks;
using MLClassify.WeightFiles.Packages;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Models;

/// <summary>How images become the input of a network that starts from some weights.</summary>
internal static class InitialPreprocessing
{
    /// <summary>What the weights were measured with, at a size.</summary>
    /// <param name="definition">The network.</param>
    /// <param name="size">Both sides of its input in pixels.</param>
    /// <param name="weights">The weights; null for none.</param>
    /// <param name="normalization">The mean and deviation; ImageNet's when null.</param>
    /// <exception cref="ArgumentException">The weights expect their own normalization, and another was asked for; or the size is out of range.</exception>
    public static PreprocessingSpec Of(NetworkDefinition definition, int size, InitialWeights? weights, Normalization? normalization = null)
    {
        if (weights?.Input is not { } input)
        {
            return PreprocessingSpec.ForInput(size, weights?.ResizeRatioFor(definition) ?? definition.ResizeRatio).WithNormalization(normalization ?? Normalization.ImageNet);
        }

        return normalization is null || normalization == Normalization.ImageNet
            ? Of(input, size)
            : throw new ArgumentException($"{weights.Description}: these weights come with their own normalization (0 to 255, less a mean); none other can be chosen.");
    }

    /// <summary>The preprocessing that a package's preparing model describes.</summary>
    /// <param name="input">What it does.</param>
    /// <param name="size">Both sides of the network's input in pixels.</param>
    public static PreprocessingSpec Of(WeightInput input, int size)
    {
        var spec = new PreprocessingSpec
        {
            Resize = ResizeRule.Stretch,
            ResizeSize = size,
            CropSize = size,
            Scale = 1,
            Mean = new ChannelValues(input.Red, input.Green, input.Blue),
            Std = new ChannelValues(1, 1, 1),
            ChannelOrder = input.IsReversed ? ChannelOrder.Bgr : ChannelOrder.Rgb,
        };
        spec.Validate();
        return spec;
    }
}
