namespace MLClassify.Datasets;

/// <summary>Warnings about the number of images per class.</summary>
internal sealed class ClassAudit(ImageDataset training, ImageDataset? validation, DatasetAuditOptions options)
{
    private readonly (string Name, int Count)[] _training = Counts(training);

    public DatasetWarning? MissingInValidation()
    {
        if (validation is null)
        {
            return null;
        }

        HashSet<string> measured = [.. Counts(validation).Where(c => c.Count > 0).Select(c => c.Name)];
        string[] missing = [.. _training.Where(c => c.Count > 0 && !measured.Contains(c.Name)).Select(c => c.Name)];
        return Warning(
            DatasetWarningIds.MissingInValidation, missing, n => $"{Classes(n, "is", "are")} never validated, so nothing measures what is learned of them: {NameList.Join(missing)}");
    }

    public DatasetWarning? WithoutTraining()
    {
        // Also classes that only the held-out images have.
        HashSet<string> trained = [.. _training.Where(c => c.Count > 0).Select(c => c.Name)];
        string[] names = [.. _training.Select(c => c.Name).Concat(validation?.ClassNames ?? []).Distinct(StringComparer.Ordinal).Where(n => !trained.Contains(n))];
        return Warning(DatasetWarningIds.WithoutTraining, names, n => $"{Classes(n, "has", "have")} no images to train on: {NameList.Join(names)}");
    }

    public DatasetWarning? Imbalance()
    {
        (string Name, int Count)[] used = [.. _training.Where(c => c.Count > 0)];
        if (used.Length < 2)
        {
            return null;
        }

        (string Name, int Count) largest = used.MaxBy(c => c.Count);
        (string Name, int Count) smallest = used.MinBy(c => c.Count);
        if (largest.Count <= options.LargestRatio * smallest.Count)
        {
            return null;
        }

        string message = FormattableString.Invariant(
            $"classes differ by 1:{(double)largest.Count / smallest.Count:0.#}: {largest.Count} images of {largest.Name}, {smallest.Count} of {smallest.Name}; class weights or balanced sampling help");
        return new DatasetWarning(DatasetWarningIds.Imbalance, message, 2, [largest.Name, smallest.Name]);
    }

    public DatasetWarning? Few()
    {
        (string Name, int Count)[] few = [.. _training.Where(c => c.Count > 0 && c.Count < options.FewImages).OrderBy(c => c.Count)];
        string[] shown = [.. few.Select(c => FormattableString.Invariant($"{c.Name} ({c.Count})"))];
        return Warning(
            DatasetWarningIds.FewImages,
            [.. few.Select(c => c.Name)],
            n => FormattableString.Invariant($"{Classes(n, "has", "have")} fewer than {options.FewImages} images to train on: {NameList.Join(shown)}"));
    }

    private static (string Name, int Count)[] Counts(ImageDataset dataset)
    {
        int[] counts = dataset.CountPerClass();
        return [.. dataset.ClassNames.Select((name, label) => (name, counts[label]))];
    }

    private static string Classes(int count, string one, string several) =>
        count == 1 ? $"1 class {one}" : FormattableString.Invariant($"{count} classes {several}");

    private DatasetWarning? Warning(string id, string[] items, Func<int, string> message) => items.Length > 0
        ? new DatasetWarning(id, message(items.Length), items.Length, [.. items.Take(options.MostItems)])
        : null;
}
