using Microsoft.Extensions.Time.Testing;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet.Tests;

public sealed class ImageSearchTests : IDisposable
{
    private static readonly ExtractImageFeaturesOptions Tiny = new() { Backbone = TinyNetwork.Name, Weights = WeightSelection.None, Threads = 1 };
    private static readonly ImageSearchOptions Small = new() { Backbones = [Tiny, Tiny with { ImageSize = 16 }] };

    private readonly ColorImageFolder _images = new(perClass: 10);
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _context = new(seed: 7);

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Search_TwoNetworksAndFourTrainers_TriesAllAndTrainsTheBest()
    {
        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);

        ImageSearchResult result = Search(Small with { Trainers = With("LightGbm", LightGbm()) });

        Assert.Equal(8, result.Trials.Count);
        Assert.Equal(2, result.Trials.Count(trial => trial.Trainer == "LightGbm"));
        Assert.All(result.Trials, trial => Assert.Null(trial.Failure));
        Assert.All(result.Trials, trial => Assert.Equal(30, trial.Evaluation!.Images));
        Assert.All(result.Trials, trial => Assert.True(trial.ScoringMilliseconds > 0));
        Assert.Equal(result.Trials.Select(trial => trial.Evaluation!.Accuracy).OrderDescending(), result.Trials.Select(trial => trial.Evaluation!.Accuracy));
        Assert.True(result.BestTrial.Evaluation!.Accuracy > 0.9, result.ToString());
        Assert.Contains("The best of 8 trials, by the same 30 images, is in part the luckiest", result.Caution, StringComparison.Ordinal);
        Assert.Null(result.Cut);
        IDataView scored = result.Best.Transform(Photos());
        Assert.True(_context.MulticlassClassification.EvaluateImages(scored).Accuracy > 0.9);
        Assert.Contains(" best\n", result.ToString(), StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains(result.ToString(), StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("networks: test_tiny (none), test_tiny (none) at 16; trainers: head, L-BFGS, SDCA, LightGbm", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_EqualAccuracy_PrefersTheCheaperNetwork()
    {
        ImageSearchResult result = Search(Small);

        ImageSearchTrial[] first = [.. result.Trials.TakeWhile(trial => trial.Evaluation!.Accuracy == result.BestTrial.Evaluation!.Accuracy)];
        Assert.True(first.Length > 2, result.ToString());
        Assert.Equal("test_tiny (none) at 16", result.BestTrial.Backbone);
        Assert.Equal(first.Select(trial => trial.MultiplyAdds).Order(), first.Select(trial => trial.MultiplyAdds));
    }

    [Fact]
    public void Search_BudgetOfZero_FinishesOneTrial()
    {
        ImageSearchResult result = _context.MulticlassClassification.SearchImageClassification(Photos(), Small with { Budget = TimeSpan.Zero });

        Assert.Equal("head", Assert.Single(result.Trials, trial => trial.Evaluation is not null).Trainer);
        Assert.Equal(6, result.Trials.Count);
        Assert.All(result.Trials.Skip(1), trial => Assert.StartsWith("not tried. The budget of 00:00:00 was spent", trial.Failure, StringComparison.Ordinal));
        Assert.Null(result.Caution);
        Assert.Contains("Another run may get further", result.ToString(), StringComparison.Ordinal);
        Assert.IsType<ImageClassifierTransformer>(result.Best);
    }

    [Fact]
    public void Search_FileThatIsNotThere_IsAnErrorBeforeTheFirstTrial()
    {
        string file = _folder["none.safetensors"];

        var error = Assert.Throws<FileNotFoundException>(() => Search(Small with { Backbones = [Tiny, new() { Weights = WeightSelection.File(file) }], Budget = TimeSpan.Zero }));

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Name_FilesOfTheSameName_AreNamedByTheirFolders()
    {
        IReadOnlyList<ExtractImageFeaturesOptions> backbones =
        [
            new() { Weights = WeightSelection.File("old/pets.safetensors") },
            new() { Weights = WeightSelection.File("new/pets.safetensors") },
            new() { Model = "new/pets.safetensors" },
            new() { Weights = WeightSelection.File("new/flowers.safetensors") },
        ];

        Assert.Equal(["old/pets.safetensors", "new/pets.safetensors", "new/pets.safetensors (2)", "flowers.safetensors"], SearchBackbones.Name(backbones).Select(entry => entry.Name));
    }

    [Fact]
    public void Search_BudgetSpentOnTheWay_KeepsWhatWasTried()
    {
        var time = new FakeTimeProvider();
        IEstimator<ITransformer> slow = new WatchedTrainer(Lbfgs(), _ => time.Advance(TimeSpan.FromSeconds(1)));

        ImageSearchResult result = Search(Small with { Budget = TimeSpan.FromSeconds(4), Trainers = With("slow", slow), TimeProvider = time });

        // Five folds of the first network's slow trainer; it comes last.
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(result.Trials, trial => trial is { Trainer: "slow", Evaluation: not null }).TrainingTime);
        Assert.Equal(3, result.Trials.Count(trial => trial.Failure is not null));
        Assert.Contains("The budget of 00:00:04 was spent.", result.Cut, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_CanceledBeforeTheFirstTrial_Throws()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();

        Assert.Contains("no model yet", Assert.Throws<OperationCanceledException>(() => Search(Small with { CancellationToken = canceled.Token })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_CanceledAfterATrial_GivesTheBestSoFar()
    {
        using var canceled = new CancellationTokenSource();
        IEstimator<ITransformer> canceling = new WatchedTrainer(Lbfgs(), _ => canceled.Cancel());

        ImageSearchResult result = Search(Small with { CancellationToken = canceled.Token, Trainers = With("L-BFGS", canceling) });

        Assert.Equal("The search was canceled.", result.Cut);
        Assert.Equal(["SDCA", "head", "head"], result.Trials.Where(trial => trial.Evaluation is not null).Select(trial => trial.Trainer).Order(StringComparer.Ordinal));
        Assert.True(_context.MulticlassClassification.EvaluateImages(result.Best.Transform(Photos())).Accuracy > 0.9);
    }

    [Fact]
    public void Search_TrainerThatThrows_IsListedAndTheOthersGoOn()
    {
        IEstimator<ITransformer> broken = new WatchedTrainer(Lbfgs(), _ => throw new InvalidOperationException("out of order"));

        ImageSearchResult result = Search(Small with { Trainers = With("broken", broken) });

        Assert.Equal(6, result.Trials.Count(trial => trial.Evaluation is not null));
        Assert.All(result.Trials.TakeLast(2), trial => Assert.Equal("InvalidOperationException: out of order", trial.Failure));
        Assert.Contains("failed: test_tiny (none) with broken: InvalidOperationException: out of order", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_BestThatFailsOnAllImages_LeavesTheNext()
    {
        IEstimator<ITransformer> once = new WatchedTrainer(Lbfgs(), data =>
        {
            if (data.GetColumn<uint>("Label").Count() == 30)
            {
                throw new InvalidOperationException("too many");
            }
        });
        Dictionary<string, IEstimator<ITransformer>> trainers = With("head", once);
        trainers["L-BFGS"] = trainers["SDCA"] = _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(l1Regularization: 1e6f, l2Regularization: 1e6f);

        ImageSearchResult result = Search(Small with { Backbones = [Tiny], Trainers = trainers });

        Assert.Equal("InvalidOperationException: too many", result.Trials.Single(trial => trial.Trainer == "head").Failure);
        Assert.NotEqual("head", result.BestTrial.Trainer);
        Assert.NotNull(result.Best);
    }

    [Fact]
    public void Search_NothingHasAResult_ThrowsWithTheFirstFailure()
    {
        File.WriteAllText(_folder["damaged.safetensors"], "no model");
        IReadOnlyList<ExtractImageFeaturesOptions> damaged = [new() { Model = _folder["damaged.safetensors"] }];

        Assert.Contains("damaged.safetensors", Assert.Throws<InvalidOperationException>(() => Search(Small with { Backbones = damaged })).Message, StringComparison.Ordinal);
        Assert.Equal(3, Search(Small with { Backbones = [.. damaged, Tiny] }).Trials.Count(trial => trial.IsFailed));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("L-BFGS")]
    [InlineData("LightGbm")]
    public void Search_BestSavedAndLoadedInAFreshProcess_GivesTheSameScores(string winner)
    {
        IEstimator<ITransformer> broken = new WatchedTrainer(Lbfgs(), _ => throw new InvalidOperationException("out of order"));
        Dictionary<string, IEstimator<ITransformer>> trainers = With("LightGbm", LightGbm());
        foreach (string other in new[] { "head", "L-BFGS", "SDCA" }.Where(name => name != winner))
        {
            trainers[other] = broken;
        }

        if (winner != "LightGbm")
        {
            trainers["LightGbm"] = broken;
        }

        ImageSearchResult result = Search(Small with { Backbones = [Tiny], Trainers = trainers });
        string path = _folder["best.zip"];
        IDataView photos = Photos();
        _context.Model.Save(result.Best, photos.Schema, path);
        string[] files = [.. photos.GetColumn<string>("ImagePath").Take(4)];

        (int code, string output, string error) = ModelArchiveTests.Run([path, .. files]);

        Assert.Equal(winner, result.BestTrial.Trainer);
        Assert.True(code == 0, error);
        IDataView scored = result.Best.Transform(_context.Data.LoadFromEnumerable(files.Select(file => new LabeledRow { ImagePath = file })));
        Assert.Equal(Program.Lines(scored), output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        Assert.StartsWith("blue ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_HeadIsBest_RemembersWhatItWasTrainedOn()
    {
        ImageSearchResult result = Search(Small with { Budget = TimeSpan.Zero });

        ImageClassifier classifier = Assert.IsType<ImageClassifierTransformer>(result.Best).Classifier;
        Assert.Equal(30, classifier.TrainingImages!.Count);
        Assert.Contains("\"train_images\":30", classifier.TrainingRecord, StringComparison.Ordinal);
    }

    [Fact]
    public void Search_TestFraction_IsInNoTraining()
    {
        var seen = new HashSet<string>();
        int most = 0;
        IEstimator<ITransformer> watched = new WatchedTrainer(Lbfgs(), data =>
        {
            most = Math.Max(most, data.GetColumn<uint>("Label").Count());
            seen.UnionWith(data.GetColumn<float[]>("Features").Select(Text));
        });

        ImageSearchResult result = Search(Small with { Backbones = [Tiny], TestFraction = 0.2, Trainers = With("head", watched) });

        Assert.Equal(6, result.Test!.Images);
        Assert.All(result.Test.Classes, metrics => Assert.Equal(2, metrics.Images));
        Assert.Equal(24, result.BestTrial.Evaluation!.Images);
        HashSet<string> test = [.. result.Test.Predictions.Select(prediction => prediction.Path)];
        Assert.Equal(6, test.Count);
        Assert.DoesNotContain(result.BestTrial.Evaluation.Predictions, prediction => test.Contains(prediction.Path));
        IDataView all = _context.Transforms.ExtractImageFeatures(Tiny).Fit(Photos()).Transform(Photos());
        string[] features = [.. all.GetColumn<string>("ImagePath").Zip(all.GetColumn<float[]>("Features")).Where(row => test.Contains(row.First)).Select(row => Text(row.Second))];
        Assert.Equal(6, features.Length);
        Assert.Empty(features.Intersect(seen));
        Assert.Equal(24, seen.Count);
        Assert.Contains("on 6 images that no trial saw", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_TestSet_IsMeasuredByName()
    {
        using var other = new ColorImageFolder(perClass: 3, classes: 2);

        ImageSearchResult result = Search(Small with { TestSet = _context.Data.LoadImageFolder(other.Root), Budget = TimeSpan.Zero });

        Assert.Equal(6, result.Test!.Images);
        Assert.True(result.Test.Accuracy > 0.9);
        Assert.Equal(30, result.BestTrial.Evaluation!.Images);
    }

    [Fact]
    public void Search_SameSeed_GivesTheSameTable()
    {
        static IEnumerable<string> Table(ImageSearchResult result) => result.Trials.Select(trial => FormattableString.Invariant(
            $"{trial} {trial.Evaluation!.Loss:R} {trial.Evaluation.BalancedAccuracy:R} {string.Join(' ', trial.Evaluation.Predictions.Select(prediction => prediction.Path))}"));
        ImageSearchResult Run(int seed) => new MLContext(seed).MulticlassClassification.SearchImageClassification(Photos(), Small with { Trainers = With("LightGbm", LightGbm()) });

        Assert.Equal(Table(Run(3)), Table(Run(3)));
        Assert.NotEqual(Table(Run(3)), Table(Run(4)));
    }

    [Fact]
    public void Search_UnreadableAndUnlabeledRows_AreInNoTrial()
    {
        File.WriteAllText(_images["red/0.png"], "no image");
        List<LabeledRow> rows = [.. Rows(), new LabeledRow { ImagePath = _folder["nowhere.png"], Class = "blue" }, new LabeledRow { ImagePath = _images["red/1.jpg"] }];
        IDataView photos = Keys(rows);

        ImageSearchResult result = _context.MulticlassClassification.SearchImageClassification(photos, Small with { LabelColumnName = "Kind" });

        Assert.Equal(1, result.RowsWithoutLabel);
        Assert.Equal([_images["red/0.png"], _folder["nowhere.png"]], result.Skipped.Select(file => file.Path));
        Assert.All(result.Trials, trial => Assert.Equal(29, trial.Evaluation!.Images));
        Assert.Contains("2 images could not be read, in no trial", result.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 rows without a label", result.ToString(), StringComparison.Ordinal);
        var log = new List<string>();
        _context.Log += (_, e) => log.Add(e.Message);
        Assert.True(float.IsNaN(result.Best.Transform(_context.Data.LoadFromEnumerable([new PathRow { ImagePath = "nowhere" }])).GetColumn<float[]>("Score").Single()[0]));
        Assert.Contains(log, message => message.Contains("1 rows have images that cannot be read", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_HeldOutPart_MeasuresOnTheSameShareOfEachClass()
    {
        ImageSearchResult result = Search(Small with { Folds = 0, ValidationFraction = 0.3 });

        Assert.All(result.Trials, trial => Assert.All(trial.Evaluation!.Classes, metrics => Assert.Equal(3, metrics.Images)));
        Assert.Contains("measured on the same 9", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_ImagesAsBytes_AreTriedAndScored()
    {
        IDataView photos = Keys(Rows());

        ImageSearchResult result = _context.MulticlassClassification.SearchImageClassification(
            photos, Small with { LabelColumnName = "Kind", ImageColumnName = "Image", Budget = TimeSpan.Zero, TestFraction = 0.1 });

        Assert.Equal(3, result.Test!.Images);
        Assert.Equal(30, result.Best.Transform(photos).GetColumn<float[]>("Score").Count());
    }

    [Fact]
    public void Search_DataThatCannotBeTrainedOn_IsToldAsByTrainers()
    {
        List<LabeledRow> unlabeled = [.. Rows().Select(row => new LabeledRow { ImagePath = row.ImagePath })];
        List<LabeledRow> reds = [.. Rows().Where(row => row.Class == "red")];
        List<LabeledRow> unreadable = [.. Rows().Select(row => new LabeledRow { ImagePath = "", Class = row.Class })];
        foreach (List<LabeledRow> rows in new[] { [], unlabeled, reds, unreadable })
        {
            IDataView data = Keys(rows, from: Rows());
            Exception? expected = Record.Exception(() => _context.MulticlassClassification.Trainers.ImageClassification("Kind", training: TrainedColors.Training).Fit(data));

            Exception? thrown = Record.Exception(() => _context.MulticlassClassification.SearchImageClassification(data, Small with { LabelColumnName = "Kind" }));

            Assert.NotNull(expected);
            Assert.Equal((expected.GetType(), expected.Message), (thrown?.GetType(), thrown?.Message));
        }
    }

    [Fact]
    public void Search_NetworkWithNoWeightsHere_IsListedAndTheOthersGoOn()
    {
        using var cache = new WeightsCache(new WeightsCacheOptions { Folder = CacheFolder, IsOffline = true });

        ImageSearchResult result = Search(Small with { Backbones = [new() { Backbone = "resnet18" }, Tiny], Resolver = new WeightResolver(cache) });

        Assert.All(result.Trials.TakeLast(3), trial => Assert.StartsWith("WeightsUnavailableException", trial.Failure, StringComparison.Ordinal));
        Assert.Equal(TinyName, result.BestTrial.Backbone);
    }

    [Fact]
    public void Here_Cache_GivesWhatIsThereTheCheapestFirst()
    {
        var options = new WeightsCacheOptions { Folder = CacheFolder, IsOffline = true, PackageFolder = _folder["packages"] };
        using var cache = new WeightsCache(options);
        Assert.Equal([options.Embedded!.Network], SearchBackbones.Here(cache).Select(backbone => backbone.Backbone));

        SeededWeights.Write(_folder["squeezenet1_1-0123abcd.safetensors"], "squeezenet1_1", classes: 10, size: 224, seed: 1);
        File.WriteAllBytes(_folder[options.Table.DefaultOf("resnet50")!.FileName], [1]);

        Assert.Equal(
            ["resnet50 pretrained", "squeezenet1_1 pretrained"],
            SearchBackbones.Here(cache).Where(backbone => backbone.Weights.Kind == WeightKind.Pretrained).Select(backbone => $"{backbone.Backbone} {backbone.Weights}").Order(StringComparer.Ordinal));
        Assert.Equal("resnet50", SearchBackbones.Here(cache)[^1].Backbone);
    }

    [Fact]
    public void Search_OptionOutOfRange_IsNamed()
    {
        void Refused(string expected, ImageSearchOptions options) => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Search(options)).Message, StringComparison.Ordinal);
        Refused("Folds is 1", Small with { Folds = 1 });
        Refused("ValidationFraction is 1", Small with { ValidationFraction = 1 });
        Refused("TestFraction is -0.1", Small with { TestFraction = -0.1 });
        Refused("Budget is -00:00:01", Small with { Budget = TimeSpan.FromSeconds(-1) });
        Refused("leave out TestFraction", Small with { TestFraction = 0.1, TestSet = Photos() });
        Refused("Backbones is empty", Small with { Backbones = [] });
        Refused("Trainers: the name ' '", Small with { Trainers = With(" ", Lbfgs()) });
    }

    private const string TinyName = "test_tiny (none)";

    private string CacheFolder => Path.GetDirectoryName(_folder["any"])!;

    private ImageSearchResult Search(ImageSearchOptions options) => _context.MulticlassClassification.SearchImageClassification(Photos(), options);

    private IDataView Photos() => _context.Data.LoadImageFolder(_images.Root);

    private LabeledRow[] Rows() =>
    [
        .. Photos().GetColumn<string>("ImagePath").Select((path, i) => new LabeledRow
        {
            ImagePath = path, Image = File.ReadAllBytes(path), Class = Path.GetFileName(Path.GetDirectoryName(path))!, Number = i,
        }),
    ];

    private IDataView Keys(IEnumerable<LabeledRow> rows, IEnumerable<LabeledRow>? from = null) => _context.Transforms.Conversion.MapValueToKey("Kind", "Class")
        .Fit(_context.Data.LoadFromEnumerable(from ?? rows)).Transform(_context.Data.LoadFromEnumerable(rows));

    private LbfgsMaximumEntropyMulticlassTrainer Lbfgs() => _context.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

    private LightGbmMulticlassTrainer LightGbm() => _context.MulticlassClassification.Trainers.LightGbm(
        new LightGbmMulticlassTrainer.Options { NumberOfThreads = 1, MinimumExampleCountPerLeaf = 2, NumberOfIterations = 5, Deterministic = true });

    private static Dictionary<string, IEstimator<ITransformer>> With(string name, IEstimator<ITransformer> trainer) => new() { [name] = trainer };

    private static string Text(float[] features) => string.Join(' ', features.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
}
