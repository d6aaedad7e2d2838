using MLClassify.Common;
using MLClassify.Preprocessing.Augmentation;

namespace MLClassify.Preprocessing.Tests.Augmentation;

public class RandomCropTests
{
    // 30 places along a side, as in the paper's 256 and 227.
    [Fact]
    public void Apply_ManyDraws_TakesEveryPlaceEquallyOften()
    {
        const int Draws = 30_000;
        int[] columns = new int[30];
        int[] rows = new int[30];
        for (int i = 0; i < Draws; i++)
        {
            var random = new CounterRandom(4, 0, i);
            CropOffset offset = new RandomCrop().Apply(default, 300, 256, ref random).Offset!.Value;
            columns[CropOffset.Of(offset.X, 29)]++;
            rows[CropOffset.Of(offset.Y, 29)]++;
        }

        // Chi squared with 29 degrees of freedom exceeds 70 once in 35,000.
        double expected = Draws / 30.0;
        Assert.InRange(columns.Sum(n => (n - expected) * (n - expected) / expected), 0, 70);
        Assert.InRange(rows.Sum(n => (n - expected) * (n - expected) / expected), 0, 70);
    }

    [Fact]
    public void Apply_AfterAResizedCrop_TakesItsPlace()
    {
        var random = new CounterRandom(1);
        ImageView view = new RandomResizedCrop().Apply(default, 50, 40, ref random);

        ImageView cropped = new RandomCrop().Apply(view, 50, 40, ref random);
        ImageView resized = new RandomResizedCrop().Apply(cropped, 50, 40, ref random);

        Assert.Equal((false, true), (cropped.Region.HasValue, cropped.Offset.HasValue));
        Assert.Equal((true, false), (resized.Region.HasValue, resized.Offset.HasValue));
    }
}
