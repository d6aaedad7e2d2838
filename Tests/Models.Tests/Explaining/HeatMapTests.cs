using MLClassify.Graphs;

namespace MLClassify.Models.Tests.Explaining;

public class HeatMapTests
{
    private static readonly MapPositions Grid = new(new AxisPositions(5, 10), new AxisPositions(5, 10));

    [Fact]
    public void At_Centers_GivesTheValues()
    {
        HeatMap map = Map(Grid);
        for (int y = 0; y < 2; y++)
        {
            for (int x = 0; x < 3; x++)
            {
                Assert.Equal(map.Values[(y * 3) + x], map.At((5 + (10 * x)) / 30.0, (5 + (10 * y)) / 20.0), 1e-6);
            }
        }
    }

    [Fact]
    public void At_BeyondTheOutermostCenters_GoesOnLevel()
    {
        HeatMap map = Map(Grid);
        Assert.Equal(map.Values[0], map.At(0, 0), 1e-6);
        Assert.Equal(map.Values[5], map.At(1, 1), 1e-6);
    }

    [Fact]
    public void At_Everywhere_IsAShareWithoutSteps()
    {
        HeatMap map = Map(Grid);
        double before = map.At(0, 0.3);
        for (int i = 0; i <= 3000; i++)
        {
            double here = map.At(i / 3000.0, 0.3);
            Assert.InRange(here, 0, 1);

            // From one value to the next at most 1, a third of the width apart; a cubic is at most half as steep again.
            Assert.InRange(Math.Abs(here - before), 0, 3 * 1.5 / 3000);
            before = here;
        }
    }

    // A ResNet's last map begins at the very edge: its centers are those of the positions, not of equal shares of the image.
    [Fact]
    public void At_CentersAtTheEdge_FollowsThem()
    {
        HeatMap map = Map(new MapPositions(new AxisPositions(0.5, 10), new AxisPositions(0.5, 10)));
        Assert.Equal(map.Values[1], map.At(10.5 / 30, 0.5 / 20), 1e-6);
    }

    [Fact]
    public void HeatMap_Evidence_IsScaledAndCut()
    {
        var map = new HeatMap(1, 4, [-3, 0, 2, 8], Grid, new Shape(10, 40, 3));
        Assert.Equal([0, 0, 0.25f, 1], map.Values);
        Assert.Equal(8, map.Peak);
        Assert.False(map.IsEmpty);
    }

    private static HeatMap Map(MapPositions positions) => new(2, 3, [0, 4, 1, 2, -1, 3], positions, new Shape(20, 30, 3));
}
