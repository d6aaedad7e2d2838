using MLClassify.Evaluation;
using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests.Support;

/// <summary>Reports to show.</summary>
internal static class SampleReports
{
    /// <summary>Class names that try to break out of a page.</summary>
    public static readonly string[] HostileNames =
    [
        "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "</style><script>document.title='hacked'</script>", "\" onmouseover=\"alert(2)", "' onfocus='alert(3)",
        "<img src=x onerror=\"document.title='hacked'\">", "\u202Egnp.exe", "\u05E9\u05DC\u05D5\u05DD", "line\nbreak", new string('n', 200), "</script>", "&lt;b&gt;",
        "javascript:alert(4)", "--><script>alert(5)</script>", "]]>", "\0nul", "${alert(6)}", "</title><h1>x", "</svg><svg onload=alert(7)>", "\uD800lone",
    ];

    /// <summary>A report of images that are recognized more often than not, by a seeded chance.</summary>
    public static EvaluationResult Of(string[] names, int images, int seed = 1, Func<int, string>? path = null)
    {
        var random = new Random(seed);
        var accumulator = new EvaluationAccumulator(names);
        float[] logits = new float[names.Length];
        for (int i = 0; i < images; i++)
        {
            int label = i % names.Length;
            for (int c = 0; c < logits.Length; c++)
            {
                logits[c] = 3 * random.NextSingle();
            }

            logits[label] += 2;
            accumulator.Add(label, logits, path is null ? $"/data/images/{i}.jpg" : path(i));
        }

        return accumulator.ToResult();
    }

    /// <summary>Everything that a page can show, under hostile names.</summary>
    public static ReportContent Hostile() => new()
    {
        Title = "run <b>&",
        Subtitle = HostileNames[0],
        Report = Of(HostileNames, 200, path: i => $"/data/{(i % 2 == 0 ? "<script>alert(8)</script>" : "a\"b'c")}/{i}.jpg"),
        Epochs = SyntheticCurves.Run(12, 1, 0.02, SyntheticCurves.Decay(1.6, 0.3, 4), SyntheticCurves.Decay(1.6, 0.4, 4)),
        BestEpoch = 11,
        Facts = new RunFacts
        {
            CommandLine = "mlclassify train '</code></pre><script>alert(9)</script>' --lr 0.1\nrm -rf",
            Start = "</dd><script>alert(10)</script>",
            DataFolder = "/data",
            TrainImagesPerClass = [.. Enumerable.Repeat(10, HostileNames.Length)],
            Warnings = ["<script>alert(11)</script>"],
            Speeds = [new RunSpeed("<script>alert(12)</script>", 123.4)],
        },
        Details = [("<b>name", "<i>value\" x=\"")],
        Options = [("<script>alert(13)</script>", "</details>")],
        Skipped = [("/data/<script>alert(14)</script>.jpg", "</td><script>alert(15)</script>")],
    };
}
