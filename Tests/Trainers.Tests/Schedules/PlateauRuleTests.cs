namespace MLClassify.Trainers.Tests.Schedules;

public class PlateauRuleTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("0.1 0.2 0.3 0.4", 0)]
    [InlineData("0.1 0.2 0.2", 0)]
    [InlineData("0.1 0.2 0.2 0.1", 1)]
    [InlineData("0.1 0.2 0.2 0.1 0.3 0.3", 1)]
    [InlineData("0.1 0.2 0.2 0.1 0.1 0.1", 2)]
    [InlineData("0.5 nan nan nan nan", 2)]
    public void Drops_Accuracies_CountsEpochsWithoutABetterOne(string accuracies, int expected)
    {
        EpochResult[] epochs =
        [
            .. accuracies.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select((a, i) => new EpochResult(i + 1, 1, 1, 0.5, 1, a == "nan" ? double.NaN : double.Parse(a, System.Globalization.CultureInfo.InvariantCulture), 0.1)),
        ];
        var rule = new PlateauRule(Patience: 2, MaximumDrops: 1);
        Assert.Equal(expected, rule.Drops(epochs));
        Assert.Equal(Math.Pow(0.1, expected), rule.Factor(epochs));
        Assert.Equal(expected > 1, rule.IsOver(epochs));
        Assert.False(new PlateauRule(2).IsOver(epochs));
    }
}
