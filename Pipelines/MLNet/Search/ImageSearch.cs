using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLClassify.Evaluation;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.MLNet;

/// <summary>
/// One search: first each network with the first trainer, then the other trainers, the most promising network first, so that a budget that is
/// spent early has seen what matters most.
/// </summary>
/// <param name="environment">Whose log is written to.</param>
/// <param name="options">What is tried, checked.</param>
internal sealed class ImageSearch(IHostEnvironment environment, ImageSearchOptions options)
{
    private readonly long _seed = MLNetInternals.SeedOf(environment) ?? new FineTuneOptions().Seed;
    private readonly long _start = options.TimeProvider.GetTimestamp();
    private readonly List<Tried> _tried = [];
    private readonly List<Candidate> _candidates = [];
    private SearchParts? _parts;
    private string? _cut;

    private bool HasResult => _tried.Exists(tried => tried.Trial.Evaluation is not null);

    /// <summary>Tries, and trains the best on all images.</summary>
    /// <param name="photos">The images.</param>
    public ImageSearchResult Run(IDataView photos)
    {
        using IChannel messages = environment.Register("ImageSearch").Start("Search");
        var data = new SearchData(photos, options, _seed);
        using WeightsCache? own = options.Resolver is null ? new WeightsCache() : null;
        WeightResolver resolver = options.Resolver ?? new WeightResolver(own!) { AllowsPackages = true };
        SearchTrainer[] trainers = Trainers(messages);
        IReadOnlyList<(string Name, ExtractImageFeaturesOptions Backbone)> backbones = SearchBackbones.Name(Backbones(messages, resolver.Cache));
        messages.Info(MessageSensitivity.None, FormattableString.Invariant(
            $"{data.Count} images; networks: {string.Join(", ", backbones.Select(entry => entry.Name))}; trainers: {string.Join(", ", trainers.Select(trainer => trainer.Name))}"));
        foreach ((string name, ExtractImageFeaturesOptions backbone) in backbones)
        {
            Compute(messages, data, name, backbone, trainers, resolver);
        }

        foreach (Candidate candidate in _candidates.OrderByDescending(entry => entry.First?.Evaluation?.Accuracy ?? -1))
        {
            foreach (SearchTrainer trainer in trainers[1..])
            {
                Try(messages, candidate, trainer);
            }
        }

        return Finish(messages, data);
    }

    private SearchTrainer[] Trainers(IChannel messages)
    {
        // One thread each: with more, their sums have another order in every run, or on every machine.
        var own = new SearchTrainer[]
        {
            new SolvedHeadSearchTrainer(),
            new EstimatorSearchTrainer("L-BFGS", () => new MLContext((int)_seed).MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                new LbfgsMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 })),
            new EstimatorSearchTrainer("SDCA", () => new MLContext((int)_seed).MulticlassClassification.Trainers.SdcaMaximumEntropy(
                new SdcaMaximumEntropyMulticlassTrainer.Options { NumberOfThreads = 1 })),
        };
        foreach (SearchTrainer replaced in own.Where(trainer => options.Trainers.ContainsKey(trainer.Name)))
        {
            messages.Warning(MessageSensitivity.None, $"'{replaced.Name}' is the trainer that was given, in place of this library's of that name, which is not tried.");
        }

        return
        [
            .. own.Where(trainer => !options.Trainers.ContainsKey(trainer.Name)),
            .. options.Trainers.Select(entry => new EstimatorSearchTrainer(entry.Key, () => entry.Value)),
        ];
    }

    private IReadOnlyList<ExtractImageFeaturesOptions> Backbones(IChannel messages, WeightsCache cache)
    {
        if (options.Backbones is { } named)
        {
            return named;
        }

        IReadOnlyList<ExtractImageFeaturesOptions> here = SearchBackbones.Here(cache);
        if (here.Count == 0)
        {
            throw new ArgumentException($"There are no weights on this machine; name networks in {nameof(options.Backbones)}, whose weights are then fetched.");
        }

        if (here.All(backbone => backbone.Weights.Kind != WeightKind.Pretrained))
        {
            messages.Info(MessageSensitivity.None,
                $"No published weights are on this machine, and none are fetched: networks that are named in {nameof(options.Backbones)}, such as {DefaultBackbone.Preferred}, are.");
        }

        return here;
    }

    // The features of a network, and its first trial.
    private void Compute(IChannel messages, SearchData data, string name, ExtractImageFeaturesOptions wanted, SearchTrainer[] trainers, WeightResolver resolver)
    {
        Func<SearchTrainer, ImageSearchTrial> without = trainer => NotTried(name, trainer);
        SearchBackbone? backbone = null;
        SearchFeatures? features = null;
        try
        {
            if (!IsOver())
            {
                void Fetching(string file) => messages.Info(MessageSensitivity.None, $"{name}: {file} is not here and is fetched");
                backbone = SearchBackbone.Open(wanted, _seed, resolver, Fetching, options.CancellationToken);
                features = data.Compute(backbone, IsOver);
            }
        }
        catch (Exception e) when (IsFailure(e) || (HasResult && IsOver()))
        {
            if (IsFailure(e))
            {
                without = trainer => Failed(name, trainer, e);
            }
        }

        if (features is null)
        {
            foreach (SearchTrainer trainer in trainers)
            {
                Add(messages, without(trainer), trainer, null);
            }

            return;
        }

        data.Check();
        messages.Info(MessageSensitivity.None, FormattableString.Invariant($"{name}: {features.Length} features of {features.Labels.Length} images, {features.Milliseconds:0.0} ms each"));
        _parts ??= SearchParts.Draw(features.Images, options, _seed);
        var candidate = new Candidate(name, backbone!, features);
        candidate.First = Try(messages, candidate, trainers[0]);
        _candidates.Add(candidate);
    }

    private ImageSearchTrial Try(IChannel messages, Candidate candidate, SearchTrainer trainer)
    {
        ImageSearchTrial trial;
        try
        {
            trial = IsOver() ? NotTried(candidate.Name, trainer) : Measure(candidate, trainer);
        }
        catch (Exception e) when (IsFailure(e) || (HasResult && IsOver()))
        {
            trial = IsFailure(e) ? Failed(candidate.Name, trainer, e) : NotTried(candidate.Name, trainer);
        }

        Add(messages, trial, trainer, candidate);
        return trial;
    }

    private ImageSearchTrial Measure(Candidate candidate, SearchTrainer trainer)
    {
        TimeProvider clock = options.TimeProvider;
        var results = new List<EvaluationResult>();
        TimeSpan training = default;
        TimeSpan cpu = default;
        TimeSpan scoring = default;
        using SearchFitting fitting = trainer.Begin(candidate.Backbone, candidate.Features);
        foreach ((int[] train, int[] heldOut) in _parts!.Parts)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
            long start = clock.GetTimestamp();
            fitting.Fit(train, options.CancellationToken);
            training += clock.GetElapsedTime(start);
            cpu += Environment.CpuUsage.TotalTime - cpuBefore;
            start = clock.GetTimestamp();
            results.Add(fitting.Evaluate(heldOut));
            scoring += clock.GetElapsedTime(start);
        }

        EvaluationResult evaluation = MergedResult.Of(results);
        return new ImageSearchTrial
        {
            Backbone = candidate.Name,
            Trainer = trainer.Name,
            Evaluation = evaluation,
            TrainingTime = training / results.Count,
            TrainingCpuTime = cpu / results.Count,
            MultiplyAdds = candidate.Features.MultiplyAdds,
            ScoringMilliseconds = candidate.Features.Milliseconds + (scoring.TotalMilliseconds / evaluation.Images),
        };
    }

    private ImageSearchResult Finish(IChannel messages, SearchData data)
    {
        ITransformer best = TrainBest();
        foreach (ImageTransformer reading in (best as IEnumerable<ITransformer> ?? [best]).OfType<ImageTransformer>())
        {
            reading.Environment = environment;
        }

        try
        {
            var result = new ImageSearchResult(_tried.Select(tried => tried.Trial), _parts!.Measure)
            {
                Best = best,
                Skipped = data.Skipped,
                RowsWithoutLabel = data.RowsWithoutLabel,
                Cut = _cut,
                Test = data.Test is null ? null : new ScoredImages(options.LabelColumnName, "Score", options.ImageColumnName).Evaluate(best.Transform(data.Test)),
            };
            messages.Info(MessageSensitivity.UserData, result.ToString());
            return result;
        }
        catch
        {
            (best as IDisposable)?.Dispose();
            throw;
        }
    }

    // What worked on parts of the images and fails on all of them leaves the next.
    private ITransformer TrainBest()
    {
        while (true)
        {
            ImageSearchTrial winner = ImageSearchResult.Ranked(_tried.Select(tried => tried.Trial)).First();
            int index = _tried.FindIndex(tried => ReferenceEquals(tried.Trial, winner));
            (_, SearchTrainer trainer, Candidate? candidate) = _tried[index];
            if (winner.Evaluation is null)
            {
                throw new InvalidOperationException($"No trial of the search has a result. The first: {_tried[0].Trial}");
            }

            try
            {
                return trainer.Train(candidate!.Backbone, candidate.Features, options);
            }
            catch (Exception e) when (IsFailure(e))
            {
                _tried[index] = _tried[index] with { Trial = Failed(winner.Backbone, trainer, e) };
            }
        }
    }

    // The time is over only when there is a result; why is said in the table.
    private bool IsOver()
    {
        if (options.CancellationToken.IsCancellationRequested && !HasResult)
        {
            throw new OperationCanceledException("The search was canceled before its first trial was over: there is no model yet.", options.CancellationToken);
        }

        if (_cut is null && HasResult)
        {
            _cut = options.CancellationToken.IsCancellationRequested ? "The search was canceled."
                : options.Budget is { } budget && options.TimeProvider.GetElapsedTime(_start) >= budget ? FormattableString.Invariant($"The budget of {budget} was spent.")
                : null;
        }

        return _cut is not null;
    }

    private void Add(IChannel messages, ImageSearchTrial trial, SearchTrainer trainer, Candidate? candidate)
    {
        _tried.Add(new Tried(trial, trainer, candidate));
        if (trial.IsFailed)
        {
            messages.Warning(MessageSensitivity.UserData, trial.ToString());
        }
        else
        {
            messages.Info(MessageSensitivity.None, trial.ToString());
        }
    }

    private ImageSearchTrial NotTried(string backbone, SearchTrainer trainer) => new() { Backbone = backbone, Trainer = trainer.Name, Failure = $"not tried. {_cut}" };

    private static ImageSearchTrial Failed(string backbone, SearchTrainer trainer, Exception e) =>
        new() { Backbone = backbone, Trainer = trainer.Name, Failure = $"{e.GetType().Name}: {e.Message}", IsFailed = true };

    private bool IsFailure(Exception e) => e is not OutOfMemoryException && !(e is OperationCanceledException && options.CancellationToken.IsCancellationRequested);

    private sealed record Tried(ImageSearchTrial Trial, SearchTrainer Trainer, Candidate? Candidate);

    // A network of the search, and how its first trial went.
    private sealed class Candidate(string name, SearchBackbone backbone, SearchFeatures features)
    {
        public string Name => name;

        public SearchBackbone Backbone => backbone;

        public SearchFeatures Features => features;

        public ImageSearchTrial? First { get; set; }
    }
}
