namespace MLClassify.MLNet;

/// <summary>What must be there to train on.</summary>
internal static class TrainingRows
{
    /// <summary>Checks the rows that are left.</summary>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="perClass">How many rows each has.</param>
    /// <param name="withoutLabel">Rows that have no label.</param>
    /// <param name="withoutImage">Rows that have no image.</param>
    /// <param name="labelColumn">The column with the labels.</param>
    /// <param name="imageColumn">The column with the images.</param>
    /// <exception cref="InvalidDatasetException">There is no row.</exception>
    /// <exception cref="ArgumentException">All rows have the same class.</exception>
    public static void Check(IReadOnlyList<string> classNames, int[] perClass, int withoutLabel, int withoutImage, string labelColumn, string imageColumn)
    {
        int count = perClass.Sum();
        if (count == 0)
        {
            int rows = withoutLabel + withoutImage;
            throw new InvalidDatasetException(rows == 0
                ? "There is nothing to train on: the data has no rows."
                : FormattableString.Invariant($"There is nothing to train on: of {rows} rows, {withoutLabel} have no value in the label column '{labelColumn}' and {withoutImage} no image in '{imageColumn}'."));
        }

        if (perClass.Count(images => images > 0) < 2)
        {
            string name = classNames[Array.FindIndex(perClass, images => images > 0)];
            throw new ArgumentException(FormattableString.Invariant(
                $"All {count} rows have the same class, '{name}', in the label column '{labelColumn}'; a classifier needs at least two."));
        }
    }
}
