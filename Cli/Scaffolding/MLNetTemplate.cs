namespace MLClassify.Cli.Scaffolding;

/// <summary>The texts that <c>new --mlnet</c> writes: the same project as an ML.NET pipeline, in the files that Model Builder's users know.</summary>
internal static class MLNetTemplate
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
            <!-- The arithmetic is loops: compiled fully at their first call. -->
            <TieredCompilationQuickJitForLoops>false</TieredCompilationQuickJitForLoops>DEVICE_PROPERTIES
          </PropertyGroup>

          <ItemGroup>
            <PackageReference Include="MLClassify.MLNet" Version="VERSION" />DEVICE_PACKAGES
          </ItemGroup>

          <ItemGroup>
            <!-- The model goes along with the program; there is none before the first training. -->
            <None Update="NAME.zip" CopyToOutputDirectory="IfDifferent" />
          </ItemGroup>
        </Project>
        """;

    private const string Training = """
        // How the model is trained: yours to change. The images and the options are in NAME.mlclassify.json.
        using Microsoft.ML;
        using MLClassify;
        using MLClassify.MLNet;

        public static partial class NAME
        {
            /// <summary>
            /// Trains anew, and puts the new model in place, unless it recognizes fewer of the held-out images than the one there or lacks one of
            /// its classes. Run it in the project's folder.
            /// </summary>
            /// <param name="force">Whether the model is replaced even by a worse one.</param>
            /// <param name="progress">Receives progress after every batch.</param>
            /// <param name="cancellationToken">Cancels the work; the model in place stays.</param>
            public static async Task<ReplacementResult> Retrain(
                bool force = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
            {
                RetrainingProject project = RetrainingProject.Load("NAME.mlclassify.json");
                (ImageDataset train, ImageDataset heldOut) = project.OpenData();
                var context = new MLContext(seed: (int)project.Options.Seed);
                context.Log += (_, e) =>
                {
                    // Warnings: images that cannot be read, a training that ended too early, a result that is not to be believed.
                    if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                    {
                        Console.Error.WriteLine($"warning: {e.RawMessage}");
                    }
                };

                IDataView rows = Rows(context, train);
                ITransformer model = BuildPipeline(context, project, Rows(context, heldOut), progress, cancellationToken).Fit(rows);
                using var owned = (IDisposable)model;
                return await context.Model.ReplaceImageClassifierAsync(
                    Path.ChangeExtension(project.ModelPath, ".zip"), model, rows.Schema, heldOut, force, cancellationToken);
            }

            /// <summary>The pipeline: classes as keys, the trainer, the predicted class as text.</summary>
            public static IEstimator<ITransformer> BuildPipeline(
                MLContext context, RetrainingProject project, IDataView heldOut, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
            {
                // The held-out images have the same keys, by name.
                var keys = context.Transforms.Conversion.MapValueToKey("LabelKey", nameof(ModelInput.Label));
                return keys
                    .Append(context.MulticlassClassification.Trainers.ImageClassification(new ImageClassificationOptions
                    {
                        LabelColumnName = "LabelKey",
                        ImageColumnName = nameof(ModelInput.ImagePath),
                        ValidationSet = keys.Fit(heldOut).Transform(heldOut),
                        Training = project.Options,
                        Progress = progress,
                        CancellationToken = cancellationToken,
                    }))
                    .Append(context.Transforms.Conversion.MapKeyToValue("PredictedLabel", "PredictedLabel"));
            }

            private static IDataView Rows(MLContext context, ImageDataset images) => context.Data.LoadFromEnumerable(
                images.Samples.Select(sample => new ModelInput { ImagePath = sample.Path, Label = images.ClassNames[sample.Label] }).ToList());
        }
        """;

    private const string Consumption = """
        // How the model is used: copy this file and NAME.zip into any program that references the package MLClassify.MLNet.
        // In a server, AddPredictionEnginePool<NAME.ModelInput, NAME.ModelOutput>().FromFile("NAME.zip") of the package
        // Microsoft.Extensions.ML needs no word of MLClassify either: the file says what loads it.
        using Microsoft.ML;
        using Microsoft.ML.Data;

        public static partial class NAME
        {
            // Loaded once, at the first use. An engine serves one thread at a time.
            private static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(() =>
            {
                var context = new MLContext();
                ITransformer model = context.Model.Load(Path.Combine(AppContext.BaseDirectory, "NAME.zip"), out _);
                return context.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
            });

            /// <summary>Classifies an image: Predict("photo.jpg").PredictedLabel is the likeliest class.</summary>
            /// <param name="path">The image's file.</param>
            public static ModelOutput Predict(string path)
            {
                lock (PredictEngine)
                {
                    return PredictEngine.Value.Predict(new ModelInput { ImagePath = path });
                }
            }

            /// <summary>A row that is learned or asked about.</summary>
            public sealed class ModelInput
            {
                /// <summary>The image's file.</summary>
                public string ImagePath { get; set; } = "";

                /// <summary>Its class; not needed to ask.</summary>
                public string Label { get; set; } = "";
            }

            /// <summary>The answer.</summary>
            public sealed class ModelOutput
            {
                /// <summary>The likeliest class; empty where the image cannot be read.</summary>
                public string PredictedLabel { get; set; } = "";

                /// <summary>The classes' probabilities.</summary>
                public float[] Score { get; set; } = [];
            }
        }
        """;

    private const string Program = """
        // dotnet run -- retrain [--force]    trains anew
        // dotnet run -- IMAGE...           says what is in the images
        using MLClassify;

        if (args is ["retrain", .. string[] options])
        {
            return await RetrainingProgram.RunAsync(NAME.Retrain, options);
        }

        if (args is [] || !File.Exists(Path.Combine(AppContext.BaseDirectory, "NAME.zip")))
        {
            Console.Error.WriteLine(args is [] ? "usage: dotnet run -- retrain [--force] | IMAGE..." : "there is no model yet: dotnet run -- retrain");
            return 2;
        }

        int code = 0;
        foreach (string image in args)
        {
            NAME.ModelOutput answer = NAME.Predict(image);
            bool isRead = !float.IsNaN(answer.Score[0]);
            (isRead ? Console.Out : Console.Error).WriteLine(isRead ? $"{image}: {answer.PredictedLabel} {answer.Score.Max():p1}" : $"error: {image}: cannot be read");
            code = isRead ? code : 1;
        }

        return code;
        """;

    /// <summary>The files of a project, but for its configuration.</summary>
    /// <param name="name">The class's name.</param>
    /// <param name="version">The packages' version.</param>
    /// <param name="device">What computes.</param>
    public static IReadOnlyList<ProjectFile> Files(string name, string version, DeviceParts device) => ProjectTemplate.Files(
        name,
        version,
        device,
        [("NAME.csproj", Project, false), ("NAME.training.cs", Training, false), ("NAME.consumption.cs", Consumption, false), ("Program.cs", Program, false), ProjectTemplate.PageOf("MLClassify.MLNet", "zip"), .. ProjectTemplate.Scripts]);

    /// <summary>The words that stand in the texts' code.</summary>
    public static IEnumerable<string> Words => new[] { Training, Consumption, Program }.SelectMany(ProjectTemplate.CodeWords);
}
