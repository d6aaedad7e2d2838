using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLClassify.MLNet;

/// <summary>Draws a part of each class.</summary>
internal static class StratifiedRows
{
    /// <summary>Which rows are drawn; rows without a label are a class of their own.</summary>
    /// <param name="data">The data; its labels are read once.</param>
    /// <param name="labelColumn">The column with the classes, a key.</param>
    /// <param name="fraction">The share of each class; at least one row of a class with two or more, and never all.</param>
    /// <param name="seed">Decides.</param>
    public static DrawnRows Draw(IDataView data, string labelColumn, double fraction, long seed)
    {
        (uint[] keys, List<DataViewRowId> ids) = Read(data, LabelColumn.Find(data.Schema, labelColumn));
        bool[] drawn = Draw(keys, fraction, seed);
        return new DrawnRows(drawn, ById(ids, drawn));
    }

    /// <summary>Which rows are drawn of those with some labels, as above.</summary>
    /// <param name="keys">Each row's label, 0 for none.</param>
    /// <param name="fraction">The share of each class.</param>
    /// <param name="seed">Decides.</param>
    public static bool[] Draw(uint[] keys, double fraction, long seed)
    {
        bool[] drawn = new bool[keys.Length];
        foreach (IGrouping<uint, int> own in Enumerable.Range(0, keys.Length).GroupBy(row => keys[row]))
        {
            int[] rows = [.. own];
            bool[] chosen = ImageDataset.Draw((int)own.Key, rows.Length, fraction, seed);
            for (int i = 0; i < chosen.Length; i++)
            {
                drawn[rows[i]] = chosen[i];
            }
        }

        return drawn;
    }

    /// <summary>Each row's label, 0 for none.</summary>
    /// <param name="data">The data; its labels are read once.</param>
    /// <param name="label">The column with the classes.</param>
    public static uint[] KeysOf(IDataView data, LabelColumn label) => Read(data, label).Keys;

    private static (uint[] Keys, List<DataViewRowId> Ids) Read(IDataView data, LabelColumn label)
    {
        var keys = new List<uint>();
        var ids = new List<DataViewRowId>();
        using DataViewRowCursor cursor = data.GetRowCursor([label.Column]);
        ValueGetter<uint> get = cursor.GetGetter<uint>(label.Column);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        (uint key, DataViewRowId id) = (0, default);
        while (cursor.MoveNext())
        {
            get(ref key);
            getId(ref id);
            keys.Add(key);
            ids.Add(id);
        }

        return ([.. keys], ids);
    }

    private static Dictionary<DataViewRowId, bool>? ById(List<DataViewRowId> ids, bool[] drawn)
    {
        var byId = new Dictionary<DataViewRowId, bool>(ids.Count);
        foreach ((int row, DataViewRowId id) in ids.Index())
        {
            if (!byId.TryAdd(id, drawn[row]))
            {
                return null;
            }
        }

        return byId;
    }
}
