using System.Diagnostics;
using System.Text;

namespace MLClassify.Reports.Tests.TensorBoard;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly SteppingClock _clock = new();

    public void Dispose() => _root.Dispose();

    // RFC 3720, appendix B.4: the reader that the writer is held to must itself be right.
    [Fact]
    public void Crc_OfTheStandardsExamples_IsTheStandards()
    {
        Assert.Equal(0x8A9136AAu, EventFile.Crc(new byte[32]));
        Assert.Equal(0x62A8AB43u, EventFile.Crc([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, EventFile.Crc([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Fact]
    public void Add_Numbers_ReadBackWithTagStepAndTime()
    {
        string path;
        using (TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock))
        {
            path = writer.FilePath;
            writer.Add("loss/train", 1, 0.25);
            writer.Add("größe/\U0001F33B", long.MaxValue, double.NaN, DateTimeOffset.FromUnixTimeMilliseconds(1_234_567_890_125));
            writer.Add("x", -1, double.PositiveInfinity);
            writer.Add("x", 0, 1e300);
        }

        Assert.Equal("events.out.tfevents.1700000000.mlclassify.0", Path.GetFileName(path));
        Assert.Equal(
            [
                new ReadEvent(1_700_000_000, 0, "brain.Event:2", null, null),
                new ReadEvent(1_700_000_001, 1, null, "loss/train", 0.25f),
                new ReadEvent(1_234_567_890.125, long.MaxValue, null, "größe/\U0001F33B", float.NaN),
                new ReadEvent(1_700_000_002, -1, null, "x", float.PositiveInfinity),
                new ReadEvent(1_700_000_003, 0, null, "x", float.PositiveInfinity),
            ],
            EventFile.Read(path));
    }

    [Fact]
    public void Add_SeededNumbers_ReadBackTheSame()
    {
        var random = new Random(5);
        var expected = new List<ReadEvent>();
        using TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock);
        for (int i = 0; i < 500; i++)
        {
            string tag = new([.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next(32, 0x2FF))]);
            long step = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            float value = BitConverter.Int32BitsToSingle(random.Next());
            long milliseconds = random.NextInt64(2_000_000_000_000);
            writer.Add(tag, step, value, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
            expected.Add(new ReadEvent(milliseconds / 1000.0, step, null, tag, value));
        }

        Assert.Equal(expected, EventFile.Read(writer.FilePath).Skip(1));
    }

    // A killed process leaves what it has written: nothing waits in a buffer.
    [Fact]
    public void Add_WhileOpen_IsInTheFileAtOnce()
    {
        using TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock);
        for (int step = 1; step <= 3; step++)
        {
            writer.Add("x", step, step);
            Assert.Equal(step, EventFile.Read(writer.FilePath)[^1].Step);
        }
    }

    [Fact]
    public void Add_FromManyThreads_KeepsEveryRecordWhole()
    {
        using TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, TimeProvider.System);
        Parallel.For(0, 400, i => writer.Add($"tag{i % 7}", i, i));
        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), EventFile.Read(writer.FilePath).Skip(1).Select(e => e.Step).Order());
    }

    [Fact]
    public void Create_InTheSameSecond_TakesAnotherName()
    {
        using TensorBoardWriter first = TensorBoardWriter.Create(_root.Root, new SteppingClock());
        using TensorBoardWriter second = TensorBoardWriter.Create(_root.Root, new SteppingClock());
        Assert.NotEqual(first.FilePath, second.FilePath);
        Assert.True(string.CompareOrdinal(first.FilePath, second.FilePath) < 0);
    }

    // Wherever a kill cuts the file, the whole records before stay and the next number follows them.
    [Fact]
    public void Resume_FileCutAnywhere_GoesOnAfterTheLastWholeRecord()
    {
        string path = Three();
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            List<ReadEvent> before = EventFile.Read(whole[..length], out _);
            string resumed;
            using (TensorBoardWriter writer = TensorBoardWriter.Resume(_root.Root, (_, _) => true, new SteppingClock()))
            {
                writer.Add("x", 9, 9);
                resumed = writer.FilePath;
            }

            List<ReadEvent> after = EventFile.Read(resumed);
            Assert.Equal(Math.Max(1, before.Count) + 1, after.Count);
            Assert.Equal(before, after.Take(before.Count));
            Assert.Equal(9, after[^1].Step);
            Assert.Equal(resumed, Assert.Single(Directory.GetFiles(_root.Root)));
        }
    }

    [Fact]
    public void Resume_AnyByteDamaged_KeepsWhatIsBeforeIt()
    {
        string path = Three();
        byte[] whole = File.ReadAllBytes(path);
        List<ReadEvent> events = EventFile.Read(path);
        for (int place = 0; place < whole.Length; place++)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= (byte)(1 << (place % 8));
            File.WriteAllBytes(path, damaged);
            string resumed;
            using (TensorBoardWriter writer = TensorBoardWriter.Resume(_root.Root, (_, _) => true, new SteppingClock()))
            {
                writer.Add("x", 9, 9);
                resumed = writer.FilePath;
            }

            List<ReadEvent> after = EventFile.Read(resumed);
            Assert.Equal(9, after[^1].Step);
            Assert.InRange(after.Count, 2, events.Count);
            Assert.Equal(events.Skip(1).Take(after.Count - 2), after.Skip(1).SkipLast(1));
            File.Delete(resumed);
        }
    }

    [Fact]
    public void Resume_NumbersOfLaterSteps_AreDropped()
    {
        string path = Three();
        using (TensorBoardWriter writer = TensorBoardWriter.Resume(_root.Root, (tag, step) => tag != "x" || step <= 1, new SteppingClock()))
        {
            Assert.Equal(path, writer.FilePath);
            writer.Add("x", 2, 20);
        }

        Assert.Equal([(null, null), ("x", 1), ("y", 2), ("x", 20)], EventFile.Read(path).Select(e => (e.Tag, e.Value)));
    }

    [Fact]
    public void Resume_NothingThere_Begins()
    {
        string folder = _root["new/run"];
        using TensorBoardWriter writer = TensorBoardWriter.Resume(folder, (_, _) => true, _clock);
        Assert.Equal("brain.Event:2", Assert.Single(EventFile.Read(writer.FilePath)).FileVersion);
    }

    [Fact]
    public void Add_Disposed_Throws()
    {
        TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock);
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.Add("x", 1, 1));
        Assert.Throws<ArgumentException>(() => writer.Add("", 1, 1));
    }

    [PythonTensorBoardFact]
    public void Add_Numbers_AreReadByTensorBoardItself()
    {
        using (TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock))
        {
            writer.Add("loss/train", 1, 0.5);
            writer.Add("loss/train", 2, 0.25);
            writer.Add("accuracy/val", 2, 0.875);
        }

        using (TensorBoardWriter writer = TensorBoardWriter.Resume(_root.Root, (_, step) => step <= 2, _clock))
        {
            writer.Add("loss/train", 3, 0.125);
        }

        const string Script = """
            import sys
            from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
            events = EventAccumulator(sys.argv[1])
            events.Reload()
            for tag in sorted(events.Tags()["scalars"]):
                for e in events.Scalars(tag):
                    print(tag, e.step, e.value, e.wall_time)
            """;
        Assert.Equal(
            ["accuracy/val 2 0.875 1700000003.0", "loss/train 1 0.5 1700000001.0", "loss/train 2 0.25 1700000002.0", "loss/train 3 0.125 1700000004.0"],
            Python.Run(Script, _root.Root)!);
    }

    private string Three()
    {
        using TensorBoardWriter writer = TensorBoardWriter.Create(_root.Root, _clock);
        writer.Add("x", 1, 1);
        writer.Add("y", 2, 2);
        writer.Add("x", 3, 3);
        return writer.FilePath;
    }
}

/// <summary>A clock that goes on by a second each time it is looked at.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _seconds = 1_700_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(_seconds++);
}

/// <summary>A test that needs Python's <c>tensorboard</c>; skipped, with the reason, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTensorBoardFactAttribute : FactAttribute
{
    public PythonTensorBoardFactAttribute()
    {
        if (Python.Run("import tensorboard") is null)
        {
            Skip = "needs python3 with the package tensorboard ($MLCLASSIFY_PYTHON names another one)";
        }
    }
}

/// <summary>Runs scripts.</summary>
internal static class Python
{
    /// <summary>What a script prints, line by line; null where it fails or there is no Python.</summary>
    public static string[]? Run(string script, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("MLCLASSIFY_PYTHON") is { Length: > 0 } named ? named : "python3", ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            };
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
