using System.Text;

namespace MLClassify.Evaluation;

/// <summary>Aligned console text: the first column to the left, the others to the right, two spaces between, no space at line ends.</summary>
internal sealed class TextTable
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">Its cells; rows may differ in length.</param>
    public void Row(params string[] cells) => _rows.Add(cells);

    /// <summary>The rows so far, each with a line end.</summary>
    public override string ToString()
    {
        int[] widths = new int[_rows.Max(row => row.Length)];
        foreach (string[] row in _rows)
        {
            for (int column = 0; column < row.Length; column++)
            {
                widths[column] = Math.Max(widths[column], DisplayText.Width(row[column]));
            }
        }

        var text = new StringBuilder();
        foreach (string[] row in _rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < row.Length; column++)
            {
                int padding = widths[column] - DisplayText.Width(row[column]);
                if (column == 0)
                {
                    line.Append(row[column]).Append(' ', padding);
                }
                else
                {
                    line.Append(' ', padding + 2).Append(row[column]);
                }
            }

            text.Append(line.ToString().TrimEnd(' ')).Append('\n');
        }

        return text.ToString();
    }
}
