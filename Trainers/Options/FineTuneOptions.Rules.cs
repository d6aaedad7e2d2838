using MLClassify.Networks;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Trainers;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify;

/// <content>Default values and validation.</content>
public sealed partial record FineTuneOptions
{
    /// <summary>These options with defaults filled in.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it, its value and the range.</exception>
    public FineTuneOptions Resolve()
    {
        Validate();
        TrainableLayers trained = TrainableLayers ?? (IsPretrained ? MLClassify.TrainableLayers.Head : MLClassify.TrainableLayers.All);
        bool isHead = trained == MLClassify.TrainableLayers.Head;
        OptimizerKind optimizer = Optimizer.Kind ?? (!isHead ? OptimizerKind.Sgd : SolvedHead.IsDefault(this) ? OptimizerKind.Lbfgs : OptimizerKind.Adam);
        bool isSolved = optimizer == OptimizerKind.Lbfgs;
        if (isSolved)
        {
            SolvedHead.Check(this, trained);
        }

        AugmentationPolicy augmentation = isHead ? AugmentationPolicy.None : Augmentation ?? AugmentationPolicy.Standard;
        Mirroring mirroring = isHead ? MLClassify.Mirroring.On : Mirroring ?? (Augmentation is null ? MLClassify.Mirroring.Measured : MLClassify.Mirroring.On);
        double? rate = isSolved ? null : LearningRate ?? (optimizer == OptimizerKind.Sgd ? 0.01 : 0.001);
        return this with
        {
            Weights = InitialModel is null ? Weights : WeightSelection.None,
            TrainableLayers = trained,
            Epochs = isSolved ? 1 : Epochs ?? (isHead ? 30 : 10),
            LearningRate = rate,
            Monitor = isSolved ? null : Monitor ?? (ClassBalance == new ClassBalanceOptions() ? MonitoredMetric.Accuracy : MonitoredMetric.Balanced),
            Augmentation = mirroring == MLClassify.Mirroring.Off ? augmentation.Without<RandomHorizontalFlip>() : augmentation,
            Mirroring = mirroring,
            Optimizer = Optimizer with
            {
                Kind = optimizer,
                BackboneLearningRate = isSolved ? null : Optimizer.BackboneLearningRate ?? (IsPretrained ? rate / 10 : rate),
            },
        };
    }

    /// <summary>The same without mirroring, whatever the augmentation.</summary>
    internal FineTuneOptions WithoutMirroring() => (this with { Mirroring = MLClassify.Mirroring.Off }).Resolve();

    /// <summary>Warnings about settings that are valid but probably not intended.</summary>
    public IReadOnlyList<string> Warnings()
    {
        var warnings = new List<string>();
        if (Resolve().TrainableLayers != MLClassify.TrainableLayers.Head)
        {
            return warnings;
        }

        if (!IsPretrained)
        {
            warnings.Add("Only the head is trained, and no weights are given: the backbone's features are random.");
        }

        if (Augmentation is { IsDeterministic: false })
        {
            warnings.Add("The head is trained on the features of the center crop: augmentation has no effect.");
        }

        if (Regularization.CutMix > 0)
        {
            warnings.Add("The head is trained on features, which have no rectangles: CutMix has no effect.");
        }

        if (Freezing != new FreezingOptions() || Optimizer.LayerDecay < 1)
        {
            warnings.Add("Only the head is trained: freezing epochs or normalization, and the layers' decay, have no effect.");
        }

        if (SolvedHead.Warning(this) is { } unused)
        {
            warnings.Add(unused);
        }

        return warnings;
    }

    private bool IsPretrained => InitialModel is not null || Weights.Kind != WeightKind.None;

    private void Validate()
    {
        if (Backbone is not null && string.IsNullOrWhiteSpace(Backbone))
        {
            throw OptionError.Create(nameof(Backbone), $"{nameof(Backbone)} is empty; it must name a network.");
        }

        if (InitialModel is not null)
        {
            CheckInitialModel();
        }
        else if (ExtendClasses)
        {
            throw OptionError.Create(nameof(ExtendClasses), $"{nameof(ExtendClasses)} needs a model to start from ({nameof(InitialModel)}).");
        }

        OptionRange.Check(nameof(Epochs), Epochs ?? 1, 1, 100_000);
        OptionRange.Check(nameof(BatchSize), BatchSize, 1, 65_536);
        OptionRange.Check(nameof(LearningRate), LearningRate ?? 1, double.Epsilon, 1_000);
        OptionRange.Check(nameof(Patience), Patience, 0, int.MaxValue);
        if (Monitor is { } metric && !Enum.IsDefined(metric))
        {
            throw OptionError.Create(nameof(Monitor), FormattableString.Invariant($"{nameof(Monitor)} is {(int)metric}; it must be {string.Join(", ", Enum.GetNames<MonitoredMetric>())}."));
        }

        if (Mirroring is { } mirroring && !Enum.IsDefined(mirroring))
        {
            throw OptionError.Create(nameof(Mirroring), FormattableString.Invariant($"{nameof(Mirroring)} is {(int)mirroring}; it must be {string.Join(", ", Enum.GetNames<Mirroring>())}."));
        }

        Head.Validate();
        Optimizer.Validate();
        Schedule.Validate();
        Freezing.Validate(Epochs ?? 10);
        Regularization.Validate();
        Input.Validate();
        Compute.Validate();
    }

    private void CheckInitialModel()
    {
        string? other = Weights.Kind is not (WeightKind.Auto or WeightKind.None) ? nameof(Weights)
            : Head.Kind is not null ? $"{nameof(Head)}.{nameof(Head.Kind)}"
            : Input.Normalization != NormalizationKind.ImageNet ? $"{nameof(Input)}.{nameof(Input.Normalization)}"
            : Input.Preprocessing is not null ? $"{nameof(Input)}.{nameof(Input.Preprocessing)}"
            : null;
        if (other is not null)
        {
            throw OptionError.Create(nameof(InitialModel), $"{nameof(InitialModel)} is a whole model, whose head and preprocessing are its own: it excludes {other}.");
        }
    }
}
