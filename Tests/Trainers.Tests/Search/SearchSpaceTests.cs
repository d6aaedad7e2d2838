namespace MLClassify.Trainers.Tests.Search;

public sealed class SearchSpaceTests
{
    private static readonly SearchSpace Space = new SearchSpace()
        .Vary("lr", [0.1, 0.01], (options, value) => options with { LearningRate = value })
        .Vary("batch_size", [16, 32, 64], (options, value) => options with { BatchSize = value });

    [Fact]
    public void Grid_TwoSettings_HasEveryCombinationTheLastChangingFastest()
    {
        IReadOnlyList<SearchTrial> trials = Space.Grid();
        Assert.Equal(6, Space.Combinations);
        Assert.Equal(
            ["lr=0.1 batch_size=16", "lr=0.1 batch_size=32", "lr=0.1 batch_size=64", "lr=0.01 batch_size=16", "lr=0.01 batch_size=32", "lr=0.01 batch_size=64"],
            trials.Select(t => t.ToString()));
        FineTuneOptions applied = trials[5].Apply(new FineTuneOptions { Seed = 7 });
        Assert.Equal((0.01, 64, 7), (applied.LearningRate, applied.BatchSize, applied.Seed));
    }

    [Fact]
    public void Vary_Again_LeavesTheSpaceAsItWas()
    {
        _ = Space.Vary("dropout", [0.0], (options, value) => options with { Head = options.Head with { Dropout = value } });
        Assert.Equal(["lr", "batch_size"], Space.Names);
    }

    [Fact]
    public void Draw_Grid_GivesDifferentTrialsAndNoMoreThanThereAre()
    {
        IReadOnlyList<SearchTrial> all = Space.Draw(50, seed: 1);
        Assert.Equal(6, all.Select(t => t.ToString()).Distinct().Count());
        Assert.Equal(6, all.Count);
        Assert.Equal(Space.Draw(3, seed: 5).Select(t => t.ToString()), Space.Draw(3, seed: 5).Select(t => t.ToString()));
    }

    [Theory]
    [InlineData(0.9, 0.9999, false)]
    [InlineData(1.2346e-4, 1.3e-4, false)]
    [InlineData(0.4, 3, true)]
    public void Draw_RangeThatRoundingWouldLeave_StaysInside(double from, double to, bool isWhole)
    {
        var values = new List<double>();
        SearchSpace space = new SearchSpace().VaryBetween(
            "x",
            from,
            to,
            (options, value) =>
            {
                values.Add(value);
                return options;
            },
            isWhole);
        foreach (SearchTrial trial in space.Draw(50))
        {
            trial.Apply(new FineTuneOptions());
        }

        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.InRange(value, from, to));
    }

    [Fact]
    public void Draw_Range_TriesWhatTheTableSays()
    {
        SearchSpace space = new SearchSpace()
            .VaryBetween("lr", 1e-4, 1e-1, (options, value) => options with { LearningRate = value })
            .VaryBetween("epochs", 1, 5, (options, value) => options with { Epochs = (int)value }, isWhole: true);
        Assert.Equal(double.PositiveInfinity, space.Combinations);
        foreach (SearchTrial trial in space.Draw(30))
        {
            FineTuneOptions options = trial.Apply(new FineTuneOptions());
            Assert.InRange(options.LearningRate!.Value, 1e-4, 1e-1);
            Assert.InRange(options.Epochs!.Value, 1, 5);
            Assert.Equal(options.LearningRate, double.Parse(trial.Settings[0].Value, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Space_WhatCannotBe_SaysSo()
    {
        SearchSpace range = Space.VaryBetween("decay", 0, 1, (options, value) => options with { Optimizer = options.Optimizer with { WeightDecay = value } });
        Assert.Contains("decay has a range", Assert.Throws<InvalidOperationException>(range.Grid).Message);
        Assert.Contains("lr is named twice", Assert.Throws<ArgumentException>(() => Space.Vary("lr", [1.0], (o, _) => o)).Message);
        Assert.Contains("has no values", Assert.Throws<ArgumentException>(() => Space.Vary("x", Array.Empty<int>(), (o, _) => o)).Message);
        Assert.Contains("no range", Assert.Throws<ArgumentException>(() => Space.VaryBetween("x", 1, 1, (o, _) => o)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Space.Draw(0));
        SearchSpace huge = Space.Vary("seed", Enumerable.Range(0, 5_000), (options, value) => options with { Seed = value });
        Assert.Contains("30000 combinations", Assert.Throws<InvalidOperationException>(huge.Grid).Message);
    }
}
