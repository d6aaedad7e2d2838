using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Tests.Retraining;

public sealed class RetrainingProjectTests : IDisposable
{
    private readonly ColorImageFolder _images = new(perClass: 10);
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["Colors.mlclassify.json"];

    public void Dispose()
    {
        _images.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Save_Project_WritesPathsRelativeToItsFolder()
    {
        Project().Save(FilePath);

        Assert.Equal(
            $$"""
            {
              "version": 2,
              "name": "Colors",
              "data": {
                "folder": "../{{Path.GetFileName(_images.Root)}}",
                "split_every": 5
              },
              "model": "Colors.safetensors",
              "options": {
                "backbone": "test_tiny",
                "weights": "own/start.pth",
                "epochs": 3
              }
            }

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(FilePath));
        Assert.Equal(Project(), RetrainingProject.Load(FilePath));
    }

    [Fact]
    public void OpenData_EveryFifth_HoldsThemOut()
    {
        (ImageDataset train, ImageDataset validation) = Project().OpenData();

        Assert.Equal((24, 6), (train.Count, validation.Count));
        Assert.Equal(27, (Project() with { ValidationEvery = null }).OpenData().Train.Count);
        Assert.Equal(15, (Project() with { ValidationEvery = null, ValidationFraction = 0.5 }).OpenData().Validation.Count);
        Assert.Equal((30, 30), Counts((Project() with { ValidationEvery = null, ValidationFolder = _images.Root }).OpenData()));

        static (int, int) Counts((ImageDataset Train, ImageDataset Validation) data) => (data.Train.Count, data.Validation.Count);
    }

    [Fact]
    public void Load_CommentsAndTrailingCommas_AreAllowed()
    {
        Write("""{ /* a model */ "version": 1, "name": "X", "data": { "folder": "images" }, "model": "X.safetensors", "options": { "step_epochs": [3, /* then */ 6,], "epochs": 9, "schedule": "step", } }""");

        RetrainingProject project = RetrainingProject.Load(FilePath);

        Assert.Equal((_folder["images"], _folder["X.safetensors"]), (project.DataFolder, project.ModelPath));
        Assert.Equal([3, 6], project.Options.Schedule.StepEpochs);
        Assert.Equal(9, project.Options.Epochs);
    }

    [Theory]
    [InlineData("""{"version":3,"name":"X","data":{"folder":"p"},"model":"m"}""", "version is 3, expected 1 to 2")]
    [InlineData("""{"name":"X","data":{"folder":"p"},"model":"m"}""", "version is missing")]
    [InlineData("""{"version":1,"name":"X","data":{},"model":"m"}""", "data.folder is missing")]
    [InlineData("""{"version":1,"name":"X","data":"p","model":"m"}""", "found a JSON String as data, expected an object with folder, val, split, split_every")]
    [InlineData("""{"version":1,"name":"X","data":{"folder":3},"model":"m"}""", "data.folder is 3, expected a text")]
    [InlineData("""{"version":1,"name":"X","data":{"folder":"p","split":1.5},"model":"m"}""", "data.split is 1.5, expected a share above 0 and below 1")]
    [InlineData("""{"version":1,"name":"X","data":{"folder":"p","split_every":1},"model":"m"}""", "data.split_every is 1, expected a whole number, at least 2")]
    [InlineData("""{"version":1,"name":"X","data":{"folder":"p","split":0.1,"val":"v"},"model":"m"}""", "data.val, data.split and data.split_every exclude each other")]
    [InlineData("""{"version":1,"name":"X","dataset":{}}""", "dataset is unknown; there are version, name, data, model, options")]
    [InlineData("""{"version":1,"name":"X","data":{"folder":"p"},"model":"m","options":{"lr":1}}""", "options.lr is unknown")]
    [InlineData("""{"version":1,"name":"X","name":"Y"}""", "")]
    [InlineData("[1]", "found a JSON Array, expected an object")]
    [InlineData("{", "")]
    [InlineData("", "")]
    public void Load_NotValid_NamesFileAndSetting(string json, string expected)
    {
        Write(json);

        Assert.StartsWith($"{FilePath}: {expected}", Assert.Throws<InvalidDataException>(() => RetrainingProject.Load(FilePath)).Message, StringComparison.Ordinal);
    }

    // What the first version did not say was random initialization.
    [Theory]
    [InlineData(1, "{}", WeightKind.None)]
    [InlineData(1, "{\"weights\":\"pretrained\"}", WeightKind.Pretrained)]
    [InlineData(2, "{}", WeightKind.Auto)]
    [InlineData(2, "{\"weights\":\"none\"}", WeightKind.None)]
    public void Load_Weights_MeanWhatTheirVersionMeant(int version, string options, WeightKind expected)
    {
        Write($$"""{"version":{{version}},"name":"X","data":{"folder":"p"},"model":"m","options":{{options}}}""");

        Assert.Equal(expected, RetrainingProject.Load(FilePath).Options.Weights.Kind);
    }

    [Fact]
    public void Load_NoFile_SaysWhatToDo() =>
        Assert.Contains("programs that use the project file run in its folder", Assert.Throws<FileNotFoundException>(() => RetrainingProject.Load(FilePath)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_Mutated_IsReadOrRefused()
    {
        Project().Save(FilePath);
        byte[] whole = File.ReadAllBytes(FilePath);
        var random = new Random(11);
        for (int round = 0; round < 1000; round++)
        {
            byte[] mutant = round % 4 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (mutant.Length > 0)
            {
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(FilePath, mutant);
            try
            {
                RetrainingProject.Load(FilePath);
            }
            catch (InvalidDataException)
            {
                // Refused, as it may be.
            }
        }
    }

    private RetrainingProject Project() => new()
    {
        Name = "Colors",
        DataFolder = _images.Root,
        ValidationEvery = 5,
        ModelPath = _folder["Colors.safetensors"],
        Options = new FineTuneOptions { Backbone = TinyNetwork.Name, Weights = _folder["own/start.pth"], Epochs = 3 },
    };

    private void Write(string json) => File.WriteAllText(FilePath, json);
}
