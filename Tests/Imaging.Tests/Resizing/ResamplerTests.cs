using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MLClassify.Imaging.Resizing;

namespace MLClassify.Imaging.Tests.Resizing;

public class ResamplerTests
{
    public static TheoryData<string, int, int, int, int, Interpolation> Cases()
    {
        var cases = new TheoryData<string, int, int, int, int, Interpolation>();
        int[][] sizes =
        [
            [1, 1, 1, 3], [2, 3, 5, 4], [4, 4, 10, 11], [11, 6, 4, 5], [33, 21, 11, 7], [12, 9, 12, 30], [70, 50, 3, 50], [64, 64, 32, 33],
        ];
        foreach (ResamplePath path in Enum.GetValues<ResamplePath>())
        {
            foreach (int[] size in sizes)
            {
                cases.Add(path.ToString(), size[0], size[1], size[2], size[3], Interpolation.Bilinear);
                cases.Add(path.ToString(), size[0], size[1], size[2], size[3], Interpolation.Bicubic);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resample_EveryPath_EqualsTheReference(
        string pathName, int width, int height, int newWidth, int newHeight, Interpolation interpolation)
    {
        var path = Enum.Parse<ResamplePath>(pathName);
        if (!ResamplePaths.Supported(path))
        {
            return;
        }

        Image image = TestImages.Noise(width, height);
        byte[] result = new byte[newWidth * newHeight * 3];
        var request = new ResizeRequest
        {
            Source = PixelRectangle.Whole(image),
            Width = newWidth,
            Height = newHeight,
            WindowWidth = newWidth,
            WindowHeight = newHeight,
            Interpolation = interpolation,
        };

        Resampler.Resample(image, request, result, path);

        Assert.Equal(ReferenceResampler.Resize(image, newWidth, newHeight, interpolation).Pixels.ToArray(), result);
    }

    [Fact]
    public void Best_OnThisMachine_IsTheWidestSupportedPath()
    {
        ResamplePath expected = Avx2.IsSupported ? ResamplePath.Avx2
            : Vector128.IsHardwareAccelerated ? ResamplePath.Vector128
            : ResamplePath.Scalar;

        Assert.Equal(expected, ResamplePaths.Best);

        // A leg that switches instructions off must have switched them off.
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0")
        {
            Assert.Equal(ResamplePath.Scalar, ResamplePaths.Best);
        }
        else if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX2") == "0")
        {
            Assert.NotEqual(ResamplePath.Avx2, ResamplePaths.Best);
        }
    }
}
