using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using MLClassify.Trainers;

namespace MLClassify.Architecture.Tests.Documentation;

/// <summary>
/// The page of all options says what the code's documentation says. <c>MLCLASSIFY_UPDATE=1 dotnet test -c Release Tests/Architecture.Tests</c>
/// writes it anew.
/// </summary>
public partial class OptionsPageTests
{
    private const string Page = "docs/options.md";

    private static readonly (Type Options, string Purpose)[] Listed =
    [
        (typeof(FineTuneOptions), "`FineTuneTrainer`, `ImageClassification` and `mlclassify train`: fine-tuning, and training from scratch."),
        (typeof(HeadOptions), "`FineTuneOptions.Head`: the classifier after the features."),
        (typeof(OptimizerOptions), "`FineTuneOptions.Optimizer`: how a step changes the weights."),
        (typeof(ScheduleOptions), "`FineTuneOptions.Schedule`: the learning rate over time."),
        (typeof(FreezingOptions), "`FineTuneOptions.Freezing`: what of the backbone stays as it is."),
        (typeof(RegularizationOptions), "`FineTuneOptions.Regularization`: against overfitting, beside augmentation, weight decay and dropout."),
        (typeof(ClassBalanceOptions), "`FineTuneOptions.ClassBalance`: how much the images of each class count."),
        (typeof(InputOptions), "`FineTuneOptions.Input`: what the network sees of an image."),
        (typeof(ComputeOptions), "`FineTuneOptions.Compute`: what computes."),
        (typeof(AlexNetOptions), "`AlexNetTrainer`: AlexNet as its paper trained it."),
        (typeof(DistillationOptions), "`DistillationTrainer`: a small network learns the features of trained ones."),
        (typeof(HeatMapOptions), "`Explanation.Render`: how a heat map is drawn over its photo."),
        (typeof(WeightFiles.Onnx.OnnxExportOptions), "`ImageClassifier.ExportOnnx`: what the ONNX file takes and gives."),
        (typeof(ImageFolderOptions), "`ImageFolder.Open`: what counts as a class and as an image."),
        (typeof(Datasets.DatasetAuditOptions), "`DatasetAudit`: what is worth a warning."),
        (typeof(PreprocessingSpec), "How an image becomes a network's input."),
        (typeof(Preprocessing.Loading.BatchLoaderOptions), "`BatchLoader`: how images become batches."),
        (typeof(Hosting.ImageClassifierOptions), "`AddImageClassifier`: a classifier as a service of a host, or of a web application."),
        (typeof(Imaging.DecodeOptions), "`Image.Decode`: limits and orientation."),
        (typeof(Datasets.DatasetDownloaderOptions), "`DatasetDownloader`: where data sets come from and go to."),
        (typeof(Common.DownloaderOptions), "`WeightsCacheOptions` and `DatasetDownloaderOptions`: how files are fetched."),
        (typeof(WeightFiles.Pretrained.WeightsCacheOptions), "`WeightsCache`: where weights are kept and come from."),
    ];

    [Fact]
    public void Page_Options_AreThoseOfTheCode()
    {
        string expected = Write();
        string path = RepositoryFiles.FullPath(Page);
        if (Environment.GetEnvironmentVariable("MLCLASSIFY_UPDATE") == "1")
        {
            File.WriteAllText(path, expected);
        }

        Assert.Equal(expected, File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    private static string Write()
    {
        var text = new StringBuilder("# Options\n\nEvery option with its default and range, as in the packages' own documentation, which a test holds this page to. All are records or\nhave `init` setters: `new FineTuneOptions { Epochs = 20 }`, `options with { Seed = 1 }`.\n");
        foreach ((Type options, string purpose) in Listed)
        {
            Dictionary<string, string> summaries = Summaries(options);
            text.Append(CultureInfo.InvariantCulture, $"\n## {options.Name}\n\n{purpose}\n\n| option | type | what it is |\n|---|---|---|\n");
            foreach (PropertyInfo property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.SetMethod is { IsPublic: true }).OrderBy(property => property.MetadataToken))
            {
                Assert.True(summaries.TryGetValue(property.Name, out string? summary), $"{options.Name}.{property.Name} has no documentation");
                text.Append(CultureInfo.InvariantCulture, $"| `{property.Name}` | `{NameOf(property)}` | {summary} |\n");
            }
        }

        return text.ToString();
    }

    private static Dictionary<string, string> Summaries(Type type)
    {
        string prefix = $"P:{type.FullName}.";
        return XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member")
            .Where(member => member.Attribute("name")!.Value.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(member => member.Attribute("name")!.Value[prefix.Length..], member => Plain(member.Element("summary")!));
    }

    private static string Plain(XElement summary)
    {
        string text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => see.Attribute("langword")?.Value ?? $"`{Short(see.Attribute("cref")!.Value)}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement element => element.Value,
            _ => ((XText)node).Value,
        }));
        return Space().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    // "F:MLClassify.OptimizerKind.Sgd" is OptimizerKind.Sgd, "P:MLClassify.FineTuneOptions.Epochs" Epochs.
    private static string Short(string reference)
    {
        string[] parts = reference[2..].Split('(')[0].Split('.');
        return reference[0] switch
        {
            'F' or 'M' => string.Join('.', parts[^2..]).Replace("#ctor", "new", StringComparison.Ordinal),
            _ => parts[^1],
        };
    }

    private static string NameOf(PropertyInfo property)
    {
        bool isNullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
        return Simple(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) + (isNullable ? "?" : "");
    }

    private static string Simple(Type type) => type switch
    {
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Simple))}>",
        _ when type == typeof(int) => "int",
        _ when type == typeof(long) => "long",
        _ when type == typeof(double) => "double",
        _ when type == typeof(float) => "float",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(string) => "string",
        _ => type.Name,
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
