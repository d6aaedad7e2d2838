namespace MLClassify.Datasets;

/// <summary>Something about a dataset that a user should know before trusting what is trained on it.</summary>
/// <param name="Id">What kind it is, for programs: one of <see cref="DatasetWarningIds"/>.</param>
/// <param name="Message">One short sentence for people, with counts and an example.</param>
/// <param name="Count">How many items there are.</param>
/// <param name="Items">The first of them: classes' names, or groups of files with equal content, a group's paths separated by tabs.</param>
public sealed record DatasetWarning(string Id, string Message, int Count, IReadOnlyList<string> Items);

/// <summary>The kinds of <see cref="DatasetWarning"/>.</summary>
public static class DatasetWarningIds
{
    /// <summary>A class that is trained never appears in validation.</summary>
    public const string MissingInValidation = "class_missing_in_validation";

    /// <summary>A class has no images to train on.</summary>
    public const string WithoutTraining = "class_without_training_pictures";

    /// <summary>An image is both trained and validated on, byte for byte.</summary>
    public const string TrainedAndValidated = "duplicate_between_training_and_validation";

    /// <summary>The same image lies in several classes of the training set.</summary>
    public const string ConflictingLabels = "duplicate_with_other_label";

    /// <summary>The same image occurs more than once in one class of the training set.</summary>
    public const string Repeated = "duplicate_in_training";

    /// <summary>The largest class has more than ten times the images of the smallest.</summary>
    public const string Imbalance = "class_imbalance";

    /// <summary>A class has very few images.</summary>
    public const string FewImages = "few_pictures";
}
