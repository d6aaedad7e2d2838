using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <content>The step that trains.</content>
public sealed partial class ImagePipeline
{
    /// <summary>Trains, and returns when it is done. <see cref="FineTuneAsync"/> is the same without a thread that waits.</summary>
    /// <remarks>
    /// Training runs on other threads and calls nothing back on this one, so this may be called where a synchronization context is; what a
    /// <see cref="Progress{T}"/> made there is told, it hears after the return.
    /// </remarks>
    /// <inheritdoc cref="FineTuneAsync"/>
    public FineTunedClassifier FineTune(
        FineTuneOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        FineTuneAsync(options, progress, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Trains. Pretrained weights that are not on this machine are fetched first.</summary>
    /// <param name="options">
    /// How to train; the defaults when null: the head of ResNet-50 with its published weights where these are here or can be fetched, else of
    /// the embedded network. What earlier steps set is added; what both set must be the same.
    /// </param>
    /// <param name="progress">Receives progress after every batch, on the training thread; null for no reporting.</param>
    /// <param name="cancellationToken">Cancels training after the current step; the classifier is then the best so far, and
    /// <see cref="TrainingResult.IsCanceled"/> says so.</param>
    /// <returns>The best epoch's classifier and the run's history; dispose it.</returns>
    /// <exception cref="ArgumentException">An option is out of range, is set differently by a step, or the network is unknown; or there
    /// are fewer than two classes.</exception>
    /// <exception cref="InvalidDatasetException">A part holds no readable image.</exception>
    /// <exception cref="WeightsUnavailableException">Published weights are not here and cannot be fetched.</exception>
    /// <exception cref="InvalidWeightsException">The weights or the model are damaged, or of another network.</exception>
    /// <exception cref="OperationCanceledException">Canceled before the first epoch was over: there is no model yet.</exception>
    /// <exception cref="TrainingDivergedException">The loss is no longer finite; the exception has the best epoch before.</exception>
    public async Task<FineTunedClassifier> FineTuneAsync(
        FineTuneOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var trainer = new FineTuneTrainer(WithSteps(options ?? new FineTuneOptions())) { Resolver = _choices.Resolver };
        TrainingResult result = await trainer.FitAsync(Train, Validation, progress, cancellationToken).ConfigureAwait(false);
        return new FineTunedClassifier(this, result);
    }

    private FineTuneOptions WithSteps(FineTuneOptions options) => options with
    {
        Input = options.Input with { Preprocessing = One(nameof(InputOptions.Preprocessing), Preprocessing, options.Input.Preprocessing) },
        Augmentation = One(nameof(FineTuneOptions.Augmentation), Augmentation, options.Augmentation),
        ClassBalance = options.ClassBalance with { Weights = One(nameof(ClassWeights), ClassWeights, options.ClassBalance.Weights) },
        TrainableLayers = Trained is { } trained && options.TrainableLayers is { } wanted && trained != wanted
            ? throw Differ(nameof(FineTuneOptions.TrainableLayers), trained, wanted)
            : Trained ?? options.TrainableLayers,
    };

    private static T? One<T>(string name, T? step, T? option)
        where T : class => step is not null && option is not null && !step.Equals(option) ? throw Differ(name, step, option) : step ?? option;

    private static ArgumentException Differ(string name, object step, object option) =>
        new($"{name} is set twice, by a step of the pipeline ({step}) and by the options ({option}); set it once.");
}
