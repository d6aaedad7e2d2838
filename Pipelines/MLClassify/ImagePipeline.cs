using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <summary>
/// Labelled pictures, which of them are held out, and how they are to be looked at: what stands before training in
/// <c>ImageClassification.Load(folder).Preprocess(spec).FineTune(options).Evaluate().Save(path)</c>. Immutable: every step gives another
/// pipeline and leaves this one as it was, so that one beginning serves several trainings.
/// </summary>
/// <remarks>
/// Nothing is put off but the split, where none is chosen, and the decoding of pictures: <c>Load</c> lists the folder, each step checks what
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

    /// <summary>The folder; null for pictures that came without one.</summary>
    public ImageFolder? Folder => _choices.Folder;

    /// <summary>The classes' names in the order of their labels.</summary>
    public IReadOnlyList<string> ClassNames => _choices.Pictures.ClassNames;

    /// <summary>The pictures to learn from.</summary>
    public ImageDataset Train => _parts.Value.Train;

    /// <summary>The pictures that are held out: they decide which epoch is kept, and are what <c>Evaluate()</c> measures on.</summary>
    public ImageDataset Validation => _parts.Value.Validation;

    /// <summary>
    /// The pictures of the folder's <c>test/</c>, which no step touches; null where there are none, and where they are what is held out,
    /// because the folder has no <c>val/</c> and no other split was chosen.
    /// </summary>
    public ImageDataset? Test => ReferenceEquals(_choices.Test, _choices.Parts?.Validation ?? _choices.Predefined) ? null : _choices.Test;

    /// <summary>Which pictures are held out, in words for people.</summary>
    public string HeldOut => _parts.Value.HeldOut;

    /// <summary>How a picture becomes the network's input; null where what is trained decides.</summary>
    public PreprocessingSpec? Preprocessing => _choices.Preprocessing;

    /// <summary>How training pictures are varied, as text; null where what is trained decides.</summary>
    public string? Augmentation => _choices.Augmentation;

    /// <summary>How much a picture of each class counts, as text; null for the same.</summary>
    public string? ClassWeights => _choices.ClassWeights;

    /// <summary>What of the network is trained; null where the options decide.</summary>
    public Unfreeze? Trained => _choices.Unfreeze;

    /// <summary>
    /// Keeps at most so many pictures of each class, the first by path, of what is learnt from, of what is held out, and of
    /// <see cref="Test"/>: to try something on little data. Comes before a split.
    /// </summary>
    /// <param name="imagesPerClass">How many; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    /// <exception cref="InvalidOperationException">A split was chosen already.</exception>
    public ImagePipeline Take(int imagesPerClass)
    {
        if (_choices.Parts is not null)
        {
            throw new InvalidOperationException($"{nameof(Take)} comes before the split, which would be another on fewer pictures.");
        }

        return new(_choices with
        {
            Pictures = _choices.Pictures.TakePerClass(imagesPerClass),
            Predefined = _choices.Predefined?.TakePerClass(imagesPerClass),
            Test = _choices.Test?.TakePerClass(imagesPerClass),
        });
    }

    /// <summary>Holds out a share of each class at random. Of a folder with a split of its own, the pictures of <c>train/</c> are split.</summary>
    /// <param name="validationFraction">The share. Default 0.1; above 0 and below 1. Each class of two or more pictures gives at least one, never all.</param>
    /// <param name="seed">Decides which, together with the files' names. Default 42.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not above 0 and below 1.</exception>
    public ImagePipeline Split(double validationFraction = DefaultValidationFraction, long seed = DefaultSeed) => new(_choices with
    {
        Parts = SplitAtRandom(_choices.Pictures, validationFraction, seed),
    });

    /// <summary>Holds out, of each class sorted by path (ordinal), the files 0, n, 2n, ...</summary>
    /// <param name="n">The step; at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is below 2.</exception>
    public ImagePipeline SplitEvery(int n)
    {
        (ImageDataset train, ImageDataset validation) = _choices.Pictures.SplitEvery(n);
        return new(_choices with { Parts = new Parts(train, validation, FormattableString.Invariant($"one in {n} of each class, by name")) });
    }

    /// <summary>Holds out what the folder says itself: <c>val/</c>, or else <c>test/</c>, beside <c>train/</c>.</summary>
    /// <exception cref="InvalidDatasetException">There is no such folder.</exception>
    public ImagePipeline PredefinedSplit() => _choices.Predefined is { } validation
        ? new(_choices with { Parts = OwnParts(_choices.Pictures, validation) })
        : throw new InvalidDatasetException($"{Folder?.Root ?? "The pictures"}: no predefined split; expected the folders 'train' and 'val'.");

    /// <summary>Holds out the pictures of another folder, whose classes are among this one's, and learns from all of this one's.</summary>
    /// <param name="folder">The folder, with a subfolder a class.</param>
    /// <exception cref="InvalidDatasetException">The folder is no usable dataset, or has a class that is not among this one's.</exception>
    public ImagePipeline ValidateOn(string folder)
    {
        ImageFolder images = ImageFolder.Open(folder, new ImageFolderOptions { MinimumClasses = 1 });
        return ValidateOn(images.Dataset, $"the folder {Path.GetFileName(images.Root)}");
    }

    /// <summary>Holds out these pictures, whose classes are among this pipeline's, and learns from all of its own.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <exception cref="InvalidDatasetException">There is a class that is not among this pipeline's.</exception>
    public ImagePipeline ValidateOn(ImageDataset pictures) => ValidateOn(pictures, "given pictures");

    /// <summary>Sets how a picture becomes the network's input, while training, evaluating and predicting; the model keeps it.</summary>
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

    /// <summary>Sets how training pictures are varied. Without effect where the head alone is trained.</summary>
    /// <param name="policy">What <see cref="AugmentationPolicy.Parse"/> reads, such as <c>standard</c> or <c>crop:0.5,flip</c>.</param>
    /// <exception cref="ArgumentException">A part is unknown or a parameter outside its range.</exception>
    public ImagePipeline Augment(string policy) => new(_choices with { Augmentation = AugmentationPolicy.Parse(policy).Name });

    /// <summary>Sets how training pictures are varied. Without effect where the head alone is trained.</summary>
    /// <param name="policy">The policy, of this library's steps: the model's record names it.</param>
    /// <exception cref="ArgumentException">A step is of another type.</exception>
    public ImagePipeline Augment(AugmentationPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new(_choices with { Augmentation = AugmentationPolicy.Compose(policy.Geometric, policy.Pixel).Name });
    }

    /// <summary>Sets how much a picture of each class counts in the loss; see <see cref="FineTuneOptions.ClassWeights"/>.</summary>
    /// <param name="weights">Default <c>balanced</c>: all classes count the same together. Or <c>daisy=2,rose=0.5</c>.</param>
    /// <exception cref="ArgumentException">The text is neither.</exception>
    public ImagePipeline WeighClasses(string weights = "balanced")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(weights);
        _ = new FineTuneOptions { ClassWeights = weights }.Resolve();
        return new(_choices with { ClassWeights = weights });
    }

    /// <summary>Sets what is trained: the head on the features of the frozen backbone, or every layer.</summary>
    /// <param name="what">The part. Without this step: the head where there are weights, everything where there are none.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public ImagePipeline Unfreeze(Unfreeze what) => Enum.IsDefined(what)
        ? new(_choices with { Unfreeze = what })
        : throw new ArgumentOutOfRangeException(nameof(what), what, "The part is none of Head and All.");

    /// <summary>Sets where pretrained weights are looked for and kept.</summary>
    /// <param name="resolver">Finds them. Without this step: in the cache that the environment describes.</param>
    public ImagePipeline WithWeights(WeightResolver resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        return new(_choices with { Resolver = resolver });
    }

    /// <summary>Measures a classifier, trained here or elsewhere, on the pictures that are held out.</summary>
    /// <param name="classifier">The classifier; it knows the classes.</param>
    /// <param name="views">The views that each picture is shown in. Default the centre crop alone.</param>
    /// <exception cref="InvalidDatasetException">A class is not one of the classifier's, or not one picture could be read.</exception>
    public EvaluationResult Evaluate(ImageClassifier classifier, TestTimeViews views = TestTimeViews.None)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        return classifier.Evaluate(Validation, views);
    }

    /// <summary>The beginning: a folder.</summary>
    internal static ImagePipeline From(ImageFolder folder) => new(new Choices
    {
        Folder = folder,
        Pictures = folder.Dataset,
        Predefined = folder.Validation ?? folder.Test,
        Test = folder.Test,
    });

    /// <summary>The beginning: pictures.</summary>
    internal static ImagePipeline From(ImageDataset pictures) => new(new Choices { Pictures = pictures });

    private static Parts DefaultParts(Choices choices) => choices.Predefined is { } validation
        ? OwnParts(choices.Pictures, validation)
        : SplitAtRandom(choices.Pictures, DefaultValidationFraction, DefaultSeed);

    private static Parts OwnParts(ImageDataset train, ImageDataset validation) => new(train, validation, "the folder's own part");

    private static Parts SplitAtRandom(ImageDataset pictures, double fraction, long seed)
    {
        (ImageDataset train, ImageDataset validation) = pictures.Split(fraction, seed);
        return new Parts(train, validation, FormattableString.Invariant($"{100 * fraction:0.#} % of each class, at random"));
    }

    private ImagePipeline ValidateOn(ImageDataset pictures, string heldOut)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        return new(_choices with { Parts = new Parts(_choices.Pictures, pictures.WithClasses(ClassNames), heldOut) });
    }

    private sealed record Parts(ImageDataset Train, ImageDataset Validation, string HeldOut);

    private sealed record Choices
    {
        public ImageFolder? Folder { get; init; }

        public required ImageDataset Pictures { get; init; }

        /// <summary>What the folder holds out itself.</summary>
        public ImageDataset? Predefined { get; init; }

        public ImageDataset? Test { get; init; }

        /// <summary>The split that was asked for; null while there is none.</summary>
        public Parts? Parts { get; init; }

        public PreprocessingSpec? Preprocessing { get; init; }

        public string? Augmentation { get; init; }

        public string? ClassWeights { get; init; }

        public Unfreeze? Unfreeze { get; init; }

        public WeightResolver? Resolver { get; init; }
    }
}
