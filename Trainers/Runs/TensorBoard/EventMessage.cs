using Google.Protobuf;

namespace MLClassify.Trainers;

/// <summary>
/// The messages of event files, as far as scalars need them. Field numbers are those of tensorflow/core/util/event.proto and
/// tensorflow/core/framework/summary.proto: <c>Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }</c>,
/// <c>Summary { repeated Value value = 1; }</c>, <c>Value { string tag = 1; float simple_value = 2; }</c>.
/// </summary>
internal static class EventMessage
{
    private const int WallTimeField = 1;
    private const int StepField = 2;
    private const int FileVersionField = 3;
    private const int SummaryField = 5;
    private const int ValueField = 1;
    private const int TagField = 1;
    private const int SimpleValueField = 2;

    private const string FileVersion = "brain.Event:2";

    /// <summary>The first event of every file.</summary>
    public static byte[] Version(DateTimeOffset wallTime) => Message(output =>
    {
        WriteWallTime(output, wallTime);
        output.WriteTag(FileVersionField, WireFormat.WireType.LengthDelimited);
        output.WriteString(FileVersion);
    });

    /// <summary>A number at a step.</summary>
    public static byte[] Scalar(string tag, long step, float value, DateTimeOffset wallTime)
    {
        byte[] named = Message(output =>
        {
            output.WriteTag(TagField, WireFormat.WireType.LengthDelimited);
            output.WriteString(tag);
            output.WriteTag(SimpleValueField, WireFormat.WireType.Fixed32);
            output.WriteFloat(value);
        });
        byte[] summary = Message(output => WriteNested(output, ValueField, named));
        return Message(output =>
        {
            WriteWallTime(output, wallTime);
            output.WriteTag(StepField, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            WriteNested(output, SummaryField, summary);
        });
    }

    /// <summary>An event's step and its scalars' tags; no tags where it is another kind of event, or none that can be read.</summary>
    public static (long Step, IReadOnlyList<string> Tags) Parse(byte[] message)
    {
        long step = 0;
        var tags = new List<string>();
        try
        {
            using var input = new CodedInputStream(message);
            for (uint tag; (tag = input.ReadTag()) != 0;)
            {
                if (tag == WireFormat.MakeTag(StepField, WireFormat.WireType.Varint))
                {
                    step = input.ReadInt64();
                }
                else if (tag == WireFormat.MakeTag(SummaryField, WireFormat.WireType.LengthDelimited))
                {
                    AddTags(input.ReadBytes(), tags);
                }
                else
                {
                    input.SkipLastField();
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return (0, []);
        }

        return (step, tags);
    }

    private static void AddTags(ByteString summary, List<string> tags)
    {
        using CodedInputStream values = summary.CreateCodedInput();
        for (uint field; (field = values.ReadTag()) != 0;)
        {
            if (field != WireFormat.MakeTag(ValueField, WireFormat.WireType.LengthDelimited))
            {
                values.SkipLastField();
                continue;
            }

            using CodedInputStream value = values.ReadBytes().CreateCodedInput();
            for (uint tag; (tag = value.ReadTag()) != 0;)
            {
                if (tag == WireFormat.MakeTag(TagField, WireFormat.WireType.LengthDelimited))
                {
                    tags.Add(value.ReadString());
                }
                else
                {
                    value.SkipLastField();
                }
            }
        }
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            write(output);
        }

        return buffer.ToArray();
    }

    private static void WriteWallTime(CodedOutputStream output, DateTimeOffset wallTime)
    {
        output.WriteTag(WallTimeField, WireFormat.WireType.Fixed64);
        output.WriteDouble((wallTime - DateTimeOffset.UnixEpoch).TotalSeconds);
    }

    private static void WriteNested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(message));
    }
}
