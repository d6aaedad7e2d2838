using MLClassify.Graphs;
using MLClassify.Graphs.Operators;

namespace MLClassify.WeightFiles.Onnx.Import;

/// <summary>Convolution in two dimensions.</summary>
internal static class Convolutions
{
    public static ImportValue Convolution(NodeReader node)
    {
        (int dilationY, int dilationX) = node.Pair("dilations", 1);
        (int strideY, int strideX) = node.Pair("strides", 1);
        int groups = node.Size(node.Int("group", 1), "group", 1);
        ConstantValue weight = node.Constant(1);
        if (weight.Dimensions is not [var outputs, var groupInputs, var height, var width])
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"with filters of {weight.Dimensions.Count} dimensions"));
        }

        (int kernelY, int kernelX) = (node.Size(height, "the kernel's height", 1), node.Size(width, "the kernel's width", 1));
        if (node.Ints("kernel_shape") is { } stated && !stated.SequenceEqual([kernelY, kernelX]))
        {
            throw node.Invalid(FormattableString.Invariant($"kernel_shape is [{string.Join(", ", stated.Take(8))}], the filters have {kernelY} x {kernelX}"));
        }

        if ((kernelY > 1 && dilationY > 1) || (kernelX > 1 && dilationX > 1))
        {
            throw new UnsupportedNodeException(FormattableString.Invariant($"with dilation {dilationY} x {dilationX}"));
        }

        ActivationValue x = node.Map(0);
        Border border = x.Border + node.Pads(x.Node.Shape, (kernelY, kernelX), (strideY, strideX));
        int outputChannels = node.Size(outputs, "output channels", 1);
        if (groupInputs * groups != x.Node.Shape.Channels)
        {
            throw node.Invalid(FormattableString.Invariant($"the filters take {groups} groups of {groupInputs} channels, the map has {x.Node.Shape.Channels}"));
        }

        var operation = new ConvolutionOperator
        {
            OutputChannels = outputChannels,
            KernelHeight = kernelY,
            KernelWidth = kernelX,
            StrideY = strideY,
            StrideX = strideX,
            PaddingTop = border.Top,
            PaddingLeft = border.Left,
            PaddingBottom = border.Bottom,
            PaddingRight = border.Right,
            Groups = groups,
        };
        string layer = node.State.Names.Layer(node.Proto, weight.Name);
        Parameter filters = node.State.Declare(
            node.State.Names.Parameter(weight.Name, layer, "weight"),
            ParameterRole.ConvolutionWeight,
            [outputChannels, (int)groupInputs, kernelY, kernelX],
            weight.Singles) with
        { Groups = groups };
        ConstantValue? bias = node.Has(2) ? node.Constant(2) : Arithmetic.TakeFollowingBias(node, outputChannels, [1, outputChannels, 1, 1]);
        Parameter[] parameters = bias is null
            ? [filters]
            : [filters, MatrixProducts.Bias(node, bias, layer, outputChannels, 1)];
        return ActivationValue.Map(node.State.Append(layer, operation, [x.Node], parameters));
    }
}
