namespace MLClassify.WeightFiles.Tests.Numpy;

/// <summary>Files of NumPy's own, made by <c>Golden/numpy/make_numpy.py</c>.</summary>
public class NumpyFileTests
{
    private static readonly float[] Counting = [0, 1, 2, 3, 4, 5];

    [Theory]
    [InlineData("c.npy")]
    [InlineData("big.npy")]
    [InlineData("version2.npy")]
    [InlineData("version3.npy")]
    public void Read_Array_HasTheFilesNameAndItsValues(string name)
    {
        using IWeightFile file = Open(name, "some/folder/conv1.weight.npy");
        WeightEntry entry = Assert.Single(file.Entries);
        Assert.Equal("conv1.weight", entry.Name);
        Assert.Equal(ElementType.F32, entry.Type);
        Assert.Equal([2, 3], entry.Dimensions);
        Assert.Equal(Counting, TestFiles.Values(file, "conv1.weight"));
    }

    [Fact]
    public void Read_FortranScalarAndEmpty_AreAsInC()
    {
        using IWeightFile fortran = Open("fortran.npy");
        Assert.Equal(ElementType.F64, fortran.Entries[0].Type);
        Assert.Equal([.. Enumerable.Range(0, 24).Select(i => (float)i)], TestFiles.Values(fortran, "a"));
        using IWeightFile scalar = Open("scalar.npy");
        Assert.Empty(scalar.Entries[0].Dimensions);
        Assert.Equal([7.5f], TestFiles.Values(scalar, "a"));
        using IWeightFile empty = Open("empty.npy");
        Assert.Equal([0, 3], empty.Entries[0].Dimensions);
        Assert.Empty(TestFiles.Values(empty, "a"));
    }

    [Theory]
    [InlineData("types.npz")]
    [InlineData("types_deflated.npz")]
    public void Read_Archive_HasEveryTypeAndNoText(string name)
    {
        using IWeightFile file = Open(name);
        Assert.Equal(20, file.Entries.Count);
        Assert.DoesNotContain(file.Entries, e => e.Name == "labels");
        foreach (WeightEntry entry in file.Entries.Where(e => e.Name != "fortran"))
        {
            Assert.Equal([2, 3], entry.Dimensions);
            Assert.Equal(entry.Type == ElementType.Bool ? [0f, 1, 1, 1, 1, 1] : Counting, TestFiles.Values(file, entry.Name));
        }

        Assert.Equal(
            Enum.GetValues<ElementType>().Where(t => t != ElementType.BF16), file.Entries.Select(e => e.Type).Distinct().Order());
        Assert.Equal([.. Enumerable.Range(0, 24).Select(i => (float)i)], TestFiles.Values(file, "fortran"));
    }

    [Theory]
    [InlineData("dict_python2.npy", "")]
    [InlineData("dict2.npy", "")]
    [InlineData("dict3.npy", "")]
    [InlineData("dict4.npy", "")]
    [InlineData("dict5.npy", "")]
    [InlineData("nested.npz", "model.")]
    public void Read_DictionaryOfLists_NamesArraysByTheirPath(string name, string before)
    {
        using IWeightFile file = Open(name);
        string[] expected = ["conv1.0", "conv1.1", "fc6.weights", "fc6.biases"];
        Assert.Equal(expected.Select(e => before + e), file.Entries.Select(e => e.Name).Where(n => n != "step"));
        Assert.Equal([4, 2, 3, 4], file.Entries[0].Dimensions);
        Assert.Equal([.. Enumerable.Range(-40, 96).Select(i => (float)i)], TestFiles.Values(file, before + "conv1.0"));
        Assert.Equal([0f, 1, 2, 3], TestFiles.Values(file, before + "conv1.1"));
        Assert.Equal([.. Enumerable.Range(0, 24).Select(i => (float)i)], TestFiles.Values(file, before + "fc6.weights"));
        Assert.Equal([0f, 1, 2], TestFiles.Values(file, before + "fc6.biases"));
    }

    [Fact]
    public void Read_WrongUse_Throws()
    {
        using IWeightFile file = Open("c.npy");
        Assert.Throws<KeyNotFoundException>(() => file.Read("b", new float[6]));
        Assert.Throws<ArgumentException>(() => file.Read("a", new float[5]));
    }

    private static IWeightFile Open(string name, string file = "a.npy") => TestFiles.Open(TestFiles.Golden("numpy", name), file);
}
