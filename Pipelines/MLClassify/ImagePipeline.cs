using MLClassify.Datasets;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// Labeled images, their validation split and their preprocessing: the first part of the chain
/// <c>ImageClassification.Load(folder).Preprocess(spec).FineTune(options).Evaluate().Save(path)</c>. Immutable: every step gives another
/// pipeline and leaves this one as it was, so that one beginning serves several trainings.
/// </summary>
/// <remarks>
/// Only the split, if none is chosen, and the decoding of images are deferred: <c>Load</c> lists the folder, each step checks what
/// it is given, <see cref="FineTune"/> trains before it returns. So an error comes from the step that causes it.
/// </remarks>
public sealed partial class ImagePipeline
{
    /// <summary>The share that is held out where nothing is said.</summary>
    public const double DefaultValidationFraction = 0.1;

    /// <summary>The seed of the split where none is given; that of <see cref="FineTuneOptions.Seed"/>.</summary>
    public const long DefaultSeed = 42;

    private readonly Choices _choices;
    private readonly Lazy<Parts> _parts;

    private ImagePipeline(Choices choices)
    {
        _choices = choices;
        _parts = new Lazy<Parts>(() => choices.Parts ?? DefaultParts(choices));
    }

    /// <summary>The folder; null for images that came without one.</summary>
    public ImageFolder? Folder => _choices.Folder;

    /// <summary>The classes' names in the order of their labels.</summary>
    public IReadOnlyList<string> ClassNames => _choices.Images.ClassNames;

    /// <summary>The training images.</summary>
    public ImageDataset Train => _parts.Value.Train;

    /// <summary>The validation images: the best epoch is chosen by them, and <c>Evaluate()</c> uses them.</summary>
    public ImageDataset Validation => _parts.Value.Validation;

    /// <summary>
    /// The images of the folder's <c>test/</c>, which no step touches; null where there are none, and where they are what is held out,
    /// because the folder has no <c>val/</c> and no other split was chosen.
    /// </summary>
    public ImageDataset? Test => ReferenceEquals(_choices.Test, _choices.Parts?.Validation ?? _choices.Predefined) ? null : _choices.Test;

    /// <summary>A description of the validation split.</summary>
    public string HeldOut => _parts.Value.HeldOut;

    /// <summary>How an image becomes the network's input; null where what is trained decides.</summary>
    public PreprocessingSpec? Preprocessing => _choices.Preprocessing;

    /// <summary>The augmentation of training images; null for the default of the layers that are trained.</summary>
    public AugmentationPolicy? Augmentation => _choices.Augmentation;

    /// <summary>Class weights; null for equal weights.</summary>
    public ClassWeights? ClassWeights => _choices.ClassWeights;

    /// <summary>Which layers are trained; null to let the options decide.</summary>
    public TrainableLayers? Trained => _choices.TrainableLayers;

    /// <summary>
    /// Keeps at most the given number of images per class, the first by path, in the training, validation and <see cref="Test"/> images.
    /// Must come before a split.
    /// </summary>
    /// <param name="imagesPerClass">How many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    /// <exception cref="InvalidOperationException">A split was chosen already.</exception>
    public ImagePipeline Take(int imagesPerClass)
    {
        if (_choices.Parts is not null)
        {
            throw new InvalidOperationException($"{nameof(Take)} comes before the split, which would be another on fewer images.");
        }

        return new(_choices with
        {
            Images = _choices.Images.TakePerClass(imagesPerClass),
            Predefined = _choices.Predefined?.TakePerClass(imagesPerClass),
            Test = _choices.Test?.TakePerClass(imagesPerClass),
        });
    }

    /// <summary>
    /// Keeps crops, copies and bursts of one photo on one side of the split that follows, with the groups that the images have
    /// (<see cref="ImageSample.Group"/>). Every image is decoded once for it. Must come before a split.
    /// </summary>
    /// <param name="cancellationToken">Cancels the search between images.</param>
    /// <exception cref="InvalidOperationException">A split was chosen already.</exception>
    /// <exception cref="OperationCanceledException">The search was canceled.</exception>
    public ImagePipeline KeepNearDuplicates(CancellationToken cancellationToken = default) => _choices.Parts is null
        ? new(_choices with { Images = _choices.Images.KeepTogether(NearDuplicates.Find(_choices.Images, cancellationToken: cancellationToken).Groups) })
        : throw new InvalidOperationException($"{nameof(KeepNearDuplicates)} comes before the split.");

    /// <summary>Holds out a share of each class at random. Of a folder with a split of its own, the images of <c>train/</c> are split.</summary>
    /// <param name="validationFraction">The share. Default 0.1; above 0 and below 1. Each class of two or more images gives at least one,
    /// never all.</param>
    /// <param name="seed">The seed; the split also depends on the files' names. Default 42.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    public ImagePipeline Split(double validationFraction = DefaultValidationFraction, long seed = DefaultSeed) => new(_choices with
    {
        Parts = SplitAtRandom(_choices.Images, validationFraction, seed),
    });

    /// <summary>Holds out every Nth file of each class for validation: of the files sorted by path (ordinal), numbers 0, n, 2n, ...</summary>
    /// <param name="n">The step; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 2.</exception>
    public ImagePipeline HoldOutEveryNth(int n)
    {
        (ImageDataset train, ImageDataset validation) = _choices.Images.HoldOutEveryNth(n);
        return new(_choices with { Parts = new Parts(train, validation, FormattableString.Invariant($"one in {n} of each class, by name")) });
    }

    /// <summary>Holds out what the folder says itself: <c>val/</c>, or else <c>test/</c>, beside <c>train/</c>.</summary>
    /// <exception cref="InvalidDatasetException">There is no such folder.</exception>
    public ImagePipeline PredefinedSplit() => _choices.Predefined is { } validation
        ? new(_choices with { Parts = OwnParts(_choices.Images, validation) })
        : throw new InvalidDatasetException($"{Folder?.Root ?? "The images"}: no predefined split; expected the folders 'train' and 'val'.");

    /// <summary>Holds out the images of another folder, whose classes are among this one's, and learns from all of this one's.</summary>
    /// <param name="folder">The folder, with a subfolder a class.</param>
    /// <exception cref="InvalidDatasetException">The folder is no usable dataset, or has a class that is not among this one's.</exception>
    public ImagePipeline ValidateOn(string folder)
    {
        ImageFolder images = ImageFolder.Open(folder, new ImageFolderOptions { MinimumClasses = 1 });
        return ValidateOn(images.Dataset, $"the folder {Path.GetFileName(images.Root)}");
    }

    /// <summary>Holds out these images, whose classes are among this pipeline's, and learns from all of its own.</summary>
    /// <param name="images">The images.</param>
    /// <exception cref="InvalidDatasetException">There is a class that is not among this pipeline's.</exception>
    public ImagePipeline ValidateOn(ImageDataset images) => ValidateOn(images, "given images");

    /// <summary>Sets how an image becomes the network's input, while training, evaluating and predicting; the model keeps it.</summary>
    /// <param name="spec">
    /// The spec; its crop is the network's input, 8 to 4,096 pixels. Without this step it is what the weights were measured with, at the
    /// network's own size.
    /// </param>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public ImagePipeline Preprocess(PreprocessingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        return new(_choices with { Preprocessing = spec });
    }

    /// <summary>Sets the augmentation of training images. Without effect where the head alone is trained.</summary>
    /// <param name="policy">The policy; a text, such as <c>standard</c> or <c>crop:0.5,flip</c>, is read as <see cref="AugmentationPolicy.Parse"/> does.</param>
    public ImagePipeline Augment(AugmentationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(_choices with { Augmentation = policy });
    }

    /// <summary>Sets how much an image of each class counts in the loss; see <see cref="ClassBalanceOptions.Weights"/>.</summary>
    /// <param name="weights">Default <c>balanced</c>: all classes count the same together. Or <c>daisy=2,rose=0.5</c>.</param>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public ImagePipeline WeighClasses(string weights = "balanced")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(weights);
        return new(_choices with { ClassWeights = MLClassify.ClassWeights.Parse(weights) });
    }

    /// <summary>Sets what is trained: the head on the features of the frozen backbone, or every layer.</summary>
    /// <param name="what">The part. Without this step: the head where there are weights, everything where there are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public ImagePipeline TrainableLayers(TrainableLayers what) => Enum.IsDefined(what)
        ? new(_choices with { TrainableLayers = what })
        : throw new ArgumentOutOfRangeException(nameof(what), what, "The part is none of Head and All.");

    /// <summary>Sets where pretrained weights are looked for and kept.</summary>
    /// <param name="resolver">Finds them. Without this step: in the cache that the environment describes.</param>
    public ImagePipeline WithWeights(WeightResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        return new(_choices with { Resolver = resolver });
    }

    /// <summary>Evaluates a classifier, trained here or elsewhere, on the validation images.</summary>
    /// <param name="classifier">The classifier; it knows the classes.</param>
    /// <param name="views">The views that each image is shown in. Default the center crop alone.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one image could be read.</exception>
    public EvaluationResult Evaluate(ImageClassifier classifier, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return classifier.Evaluate(Validation, views);
    }

    /// <summary>The beginning: a folder.</summary>
    internal static ImagePipeline From(ImageFolder folder) => new(new Choices
    {
        Folder = folder,
        Images = folder.Dataset,
        Predefined = folder.Validation ?? folder.Test,
        Test = folder.Test,
    });

    /// <summary>The beginning: images.</summary>
    internal static ImagePipeline From(ImageDataset images) => new(new Choices { Images = images });

    private static Parts DefaultParts(Choices choices) => choices.Predefined is { } validation
        ? OwnParts(choices.Images, validation)
        : SplitAtRandom(choices.Images, DefaultValidationFraction, DefaultSeed);

    private static Parts OwnParts(ImageDataset train, ImageDataset validation) => new(train, validation, "the folder's own part");

    private static Parts SplitAtRandom(ImageDataset images, double fraction, long seed)
    {
        (ImageDataset train, ImageDataset validation) = images.Split(fraction, seed);
        return new Parts(train, validation, FormattableString.Invariant($"{100 * fraction:0.#} % of each class, at random"));
    }

    private ImagePipeline ValidateOn(ImageDataset images, string heldOut)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new(_choices with { Parts = new Parts(_choices.Images, images.WithClasses(ClassNames), heldOut) });
    }

    private sealed record Parts(ImageDataset Train, ImageDataset Validation, string HeldOut);

    private sealed record Choices
    {
        public ImageFolder? Folder { get; init; }

        public required ImageDataset Images { get; init; }

        /// <summary>What the folder holds out itself.</summary>
        public ImageDataset? Predefined { get; init; }

        public ImageDataset? Test { get; init; }

        /// <summary>The split that was asked for; null while there is none.</summary>
        public Parts? Parts { get; init; }

        public PreprocessingSpec? Preprocessing { get; init; }

        public AugmentationPolicy? Augmentation { get; init; }

        public ClassWeights? ClassWeights { get; init; }

        public TrainableLayers? TrainableLayers { get; init; }

        public WeightResolver? Resolver { get; init; }
    }
}
