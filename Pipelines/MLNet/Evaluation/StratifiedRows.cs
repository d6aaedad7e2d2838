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
        LabelColumn label = LabelColumn.Find(data.Schema, labelColumn);
        var rows = new Dictionary<uint, List<int>>();
        var ids = new List<DataViewRowId>();
        using (DataViewRowCursor cursor = data.GetRowCursor([label.Column]))
        {
            ValueGetter<uint> get = cursor.GetGetter<uint>(label.Column);
            ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
            (uint key, DataViewRowId id) = (0, default);
            while (cursor.MoveNext())
            {
                get(ref key);
                getId(ref id);
                if (!rows.TryGetValue(key, out List<int>? own))
                {
                    rows.Add(key, own = []);
                }

                own.Add(ids.Count);
                ids.Add(id);
            }
        }

        bool[] drawn = new bool[ids.Count];
        foreach ((uint key, List<int> own) in rows)
        {
            bool[] chosen = ImageDataset.Draw((int)key, own.Count, fraction, seed);
            for (int i = 0; i < chosen.Length; i++)
            {
                drawn[own[i]] = chosen[i];
            }
        }

        return new DrawnRows(drawn, ById(ids, drawn));
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
