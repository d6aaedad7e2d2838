using MLClassify.Common.Pickle;

namespace MLClassify.Common.Tests.Pickle;

/// <summary>What the interpreter leaves to who uses it; WeightFiles' and Datasets' tests have the hostile files.</summary>
public class PickleMachineTests
{
    [Fact]
    public void Read_PlainData_GivesIt()
    {
        object? root = Read("}(U\u0001aK\u0007U\u0001b](J\u00ff\u00ff\u00ff\u00ff\u0088NeU\u0001c(K\u0001K\u0002tu.");

        var dictionary = Assert.IsType<PickleDictionary>(root);
        Assert.Equal(["a", "b", "c"], dictionary.Keys);
        Assert.Equal(7L, dictionary["a"]);
        Assert.Equal([-1L, true, null], Assert.IsType<List<object?>>(dictionary["b"]));
        Assert.Equal([1L, 2L], Assert.IsType<object?[]>(dictionary["c"]));
    }

    [Fact]
    public void Read_KnownName_IsTheModelsToCall() => Assert.Equal("called known.name with 1", Read("cknown\nname\n(K\u0005tR."));

    [Theory]
    [InlineData("cos\nsystem\n.", "refused os system")]
    [InlineData("K\u0001K\u0002\u0093.", "refused  ")]
    [InlineData("NQ.", "persistent")]
    [InlineData("NNb.", "build")]
    [InlineData("P.", "opcode 0x50")]
    [InlineData(".", "the stack is empty")]
    [InlineData("h\u0001.", "a reference to nothing")]
    [InlineData("t.", "no mark: the end of a group without its beginning")]
    [InlineData("(0.", "a group begins there")]
    [InlineData("NNR.", "a call of a value")]
    [InlineData("T\u00ff\u00ff\u00ff\u007f", "the file ends too early")]
    public void Read_Problem_IsTheCallersException(string pickle, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(pickle)).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_OpcodeOutsideTheOptions_IsRefused()
    {
        var options = new PickleOptions { Opcodes = new HashSet<byte>("NK"u8.ToArray()) };
        Assert.Equal(3L, Read("NK\u0003.", options));
        Assert.Contains("opcode 0x4D", Assert.Throws<FormatException>(() => Read("M\0\0.", options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LargeNumber_IsPassedOverOrRefused()
    {
        const string Pickle = "\u008a\u0009123456789.";
        Assert.IsType<PickleInert>(Read(Pickle));
        Assert.Contains(
            "more than 64 bits",
            Assert.Throws<FormatException>(() => Read(Pickle, new PickleOptions { AllowsLargeNumbers = false })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongLine_IsRefused()
    {
        string pickle = $"c{new string('a', 300)}\nb\n.";
        Assert.Contains("refused", Assert.Throws<FormatException>(() => Read(pickle)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "a line is too long",
            Assert.Throws<FormatException>(() => Read(pickle, new PickleOptions { MaximumLine = 200 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_StringOfPython2_IsTextOrBytes()
    {
        Assert.Equal("\u00e9", Read("U\u0001\u00e9."));
        PickleBytes bytes = Assert.IsType<PickleBytes>(Read("U\u0001\u00e9.", new PickleOptions { OldStringsAreBytes = true }));
        Assert.Equal((2, 1), (bytes.Offset, bytes.Length));
        Assert.Equal([0xE9], bytes.Inline!);
    }

    private static object? Read(string latin1, PickleOptions? options = null) => PickleMachine.Read(
        new PickleCursor(new MemoryStream(System.Text.Encoding.Latin1.GetBytes(latin1)), Problem, options), new Model());

    private static FormatException Problem(string problem, long? offset, string? expected, string? found, Exception? cause) =>
        new($"{problem} at {offset}: expected {expected}, found {found}", cause);

    private sealed class Model : IPickleModel
    {
        public bool Knows(string name) => name == "known.name";

        public Exception Refuse(string? module, string? name, long offset) => new FormatException($"refused {module} {name}");

        public object? Call(PickleGlobal function, object?[] arguments, long offset) => $"called {function.Name} with {arguments.Length}";

        public object Persistent(object? identifier, long offset) => throw new FormatException("persistent");

        public void Build(object? target, object? state, long offset) => throw new FormatException("build");
    }
}
