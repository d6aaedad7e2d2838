namespace MLClassify.Preprocessing.Tests;

public class ImageViewTests
{
    [Theory]
    [InlineData(TestTimeViews.None, 1)]
    [InlineData(TestTimeViews.Flip, 2)]
    [InlineData(TestTimeViews.TenCrop, 10)]
    public void For_Choice_GivesDifferentViewsTheCenterFirst(TestTimeViews choice, int count)
    {
        IReadOnlyList<ImageView> views = ImageView.For(choice);

        Assert.Equal(count, views.Distinct().Count());
        Assert.Equal(count, views.Count);
        Assert.Equal(default, views[0]);
    }

    [Fact]
    public void For_UnknownChoice_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ImageView.For((TestTimeViews)7));
}
