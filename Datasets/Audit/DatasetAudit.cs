namespace MLClassify.Datasets;

/// <summary>
/// Checks a dataset for problems that make a model's figures misleading: classes without validation or with few training images, and
/// images that are in both the training and the validation set, or in several classes.
/// </summary>
public static class DatasetAudit
{
    /// <summary>Audits a training set and its validation set.</summary>
    /// <remarks>
    /// Files count as the same image where their bytes are. Sizes are compared first, then a part of each file, then SHA-256 over all of
    /// it, so that a million photos cost a look at each and not the reading of all. Files that cannot be read are left out; whoever opens
    /// them says why.
    /// </remarks>
    /// <param name="training">The images to train on.</param>
    /// <param name="validation">The validation images, whose classes are matched by name; null or empty without a validation set.</param>
    /// <param name="options">What to look for; defaults when null.</param>
    /// <param name="cancellationToken">Cancels the work between files.</param>
    /// <returns>The warnings, in a fixed order; none where all is well.</returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="OperationCanceledException">The audit was canceled.</exception>
    public static IReadOnlyList<DatasetWarning> Run(
        ImageDataset training, ImageDataset? validation = null, DatasetAuditOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        options ??= new DatasetAuditOptions();
        options.Validate();
        var classes = new ClassAudit(training, validation is { Count: > 0 } ? validation : null, options);
        DatasetWarning?[] warnings =
        [
            classes.MissingInValidation(),
            classes.WithoutTraining(),
            .. options.FindDuplicates ? new DuplicateAudit(training, validation, options).Run(cancellationToken) : [],
            classes.Imbalance(),
            classes.Few(),
        ];
        return [.. warnings.OfType<DatasetWarning>()];
    }
}
