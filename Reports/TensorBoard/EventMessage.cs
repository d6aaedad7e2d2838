using Google.Protobuf;
using MLClassify.Reports.TensorBoard;

namespace MLClassify.Reports;

/// <summary>The two kinds of events that a file of scalars holds, as bytes; the messages are in <c>event.proto</c>.</summary>
internal static class EventMessage
{
    private const string FileVersion = "brain.Event:2";

    // Events of other programs hold more than scalars.
    private static readonly MessageParser<Event> Parser = Event.Parser.WithDiscardUnknownFields(true);

    /// <summary>The first event of every file.</summary>
    public static byte[] Version(DateTimeOffset wallTime) => new Event { WallTime = Seconds(wallTime), FileVersion = FileVersion }.ToByteArray();

    /// <summary>A number at a step.</summary>
    public static byte[] Scalar(string tag, long step, float value, DateTimeOffset wallTime) => new Event
    {
        WallTime = Seconds(wallTime),
        Step = step,
        Summary = new Summary { Value = { new Summary.Types.Value { Tag = tag, SimpleValue = value } } },
    }.ToByteArray();

    /// <summary>An event's step and its scalars' tags; no tags for another kind of event, or one that cannot be read.</summary>
    public static (long Step, IReadOnlyList<string> Tags) Parse(byte[] message)
    {
        try
        {
            Event parsed = Parser.ParseFrom(message);
            return (parsed.Step, [.. (parsed.Summary?.Value ?? []).Where(v => v.HasTag).Select(v => v.Tag)]);
        }
        catch (InvalidProtocolBufferException)
        {
            return (0, []);
        }
    }

    private static double Seconds(DateTimeOffset wallTime) => (wallTime - DateTimeOffset.UnixEpoch).TotalSeconds;
}
