using MLClassify.Preprocessing.Augmentation.Pixels;

namespace MLClassify.Preprocessing.Tests.Augmentation.Pixels;

public class PixelShiftTests
{
    [Fact]
    public void Apply_EveryShift_MovesEveryPixelOrFills()
    {
        const int Width = 5;
        const int Height = 4;
        byte[] source = TestImages.Noise(Width, Height).Pixels.ToArray();
        for (int down = -6; down <= 6; down++)
        {
            for (int right = -6; right <= 6; right++)
            {
                byte[] result = [.. source];
                PixelShift.Apply(result, Width, Height, right, down, new RgbColor(1, 2, 3));
                for (int i = 0; i < result.Length; i++)
                {
                    int x = (i / 3 % Width) - right;
                    int y = (i / 3 / Width) - down;
                    bool isInside = x is >= 0 and < Width && y is >= 0 and < Height;
                    Assert.Equal(isInside ? source[(3 * ((y * Width) + x)) + (i % 3)] : (i % 3) + 1, result[i]);
                }
            }
        }
    }
}
