using MLClassify.Evaluation;
using MLClassify.Evaluation.Tests.Support;

namespace MLClassify.Reports.Tests;

public sealed class PredictionsFileTests
{
    [Fact]
    public void Write_Predictions_HasARowAnImage()
    {
        using var folder = new TemporaryFolder();
        var accumulator = new EvaluationAccumulator(["daisy", "red, \"long\" roses"]);
        accumulator.Add(0, [0, 0], "daisy/1.jpg");
        accumulator.Add(0, [-100, 100], "=daisy/2.jpg");
        accumulator.Add(1, [float.NaN, 0], "roses/3.jpg");

        PredictionsFile.Write(folder["predictions.csv"], accumulator.ToResult());

        string expected = """
            path,true,predicted,probability,correct
            daisy/1.jpg,daisy,daisy,0.5,1
            '=daisy/2.jpg,daisy,"red, ""long"" roses",1,0
            roses/3.jpg,"red, ""long"" roses","",0,0

            """;
        Assert.Equal(expected, File.ReadAllText(folder["predictions.csv"]));
    }

    [Fact]
    public void Write_FilesWithoutLabels_HasTheLikeliestClassesOrTheReason()
    {
        using var folder = new TemporaryFolder();
        var prediction = new Prediction(["daisy", "rose", "tulip"], [0, 100, 50]);

        PredictionsFile.Write(folder["p.csv"], [new FilePrediction("1.jpg", prediction, null), new FilePrediction("2.jpg", null, "no image")], top: 2);

        Assert.Equal("path,label,score,label_2,score_2,error\n1.jpg,rose,1,tulip,0,\"\"\n2.jpg,\"\",,\"\",,no image\n", File.ReadAllText(folder["p.csv"]));
    }

    [Fact]
    public void Write_NastyNamesAndPaths_ReadBackUnchanged()
    {
        using var folder = new TemporaryFolder();
        string[] names = Generators.NastyTexts;
        var accumulator = new EvaluationAccumulator(names);
        float[] logits = new float[names.Length];
        for (int label = 0; label < names.Length; label++)
        {
            accumulator.Add(label, logits, names[label] + "/1.jpg");
        }

        PredictionsFile.Write(folder["predictions.csv"], accumulator.ToResult());
        string[][] rows = [.. Csv.Parse(File.ReadAllText(folder["predictions.csv"])).Skip(1)];

        Assert.Equal(names.Select(name => name + "/1.jpg"), rows.Select(row => row[0]));
        Assert.Equal(names, rows.Select(row => row[1]));
        Assert.All(rows, row => Assert.Equal(names[0], row[2]));
    }
}
