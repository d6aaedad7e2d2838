namespace MLClassify.Cli.Scaffolding;

/// <summary>A file that <c>new</c> writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Content">Its text.</param>
/// <param name="IsExecutable">Whether it is a program.</param>
internal sealed record ProjectFile(string Name, string Content, bool IsExecutable = false);

/// <summary>The texts that <c>new</c> writes, in which <c>NAME</c> and <c>VERSION</c> stand for what they say.</summary>
internal static class ProjectTemplate
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
            <PackageReference Include="MLClassify" Version="VERSION" />DEVICE_PACKAGES
          </ItemGroup>

          <ItemGroup>
            <!-- A program of its own, which 'dotnet run' starts by its name. -->
            <Compile Remove="retrain.cs" />
            <!-- The model goes along with the program; there is none before the first training. -->
            <None Update="NAME.safetensors" CopyToOutputDirectory="IfDifferent" />
          </ItemGroup>
        </Project>
        """;

    private const string Training = """
        // How the model is trained: yours to change. The images and the options are in NAME.mlclassify.json.
        using MLClassify;

        public static partial class NAME
        {
            /// <summary>
            /// Trains anew, and puts the new model in place, unless it recognizes fewer of the held-out images than the one there. Run it in
            /// the project's folder.
            /// </summary>
            /// <param name="force">Whether the model is replaced even by a worse one.</param>
            /// <param name="progress">Receives progress after every batch.</param>
            /// <param name="cancellationToken">Cancels the work; the model in place stays.</param>
            public static async Task<ReplacementResult> Retrain(
                bool force = false, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
            {
                RetrainingProject project = RetrainingProject.Load("NAME.mlclassify.json");
                (ImageDataset train, ImageDataset validation) = project.OpenData();

                using TrainingResult result = await BuildTrainer(project).FitAsync(train, validation, progress, cancellationToken);
                return await ModelReplacement.ReplaceAsync(project.ModelPath, result.Classifier, validation, force, cancellationToken);
            }

            /// <summary>The trainer. To change an option here instead of in the file: new(project.Options with { Epochs = 20 }).</summary>
            public static FineTuneTrainer BuildTrainer(RetrainingProject project) => new(project.Options);
        }
        """;

    private const string Consumption = """
        // How the model is used: copy this file and NAME.safetensors into any program that references the package MLClassify.
        using MLClassify;

        public static partial class NAME
        {
            // Loaded once, at the first use; any number of threads may ask.
            private static readonly Lazy<ImageClassifier> Model =
                new(() => ImageClassifier.Load(Path.Combine(AppContext.BaseDirectory, "NAME.safetensors")DEVICE_ARGUMENT));

            /// <summary>The names of the classes.</summary>
            public static IReadOnlyList<string> Labels => Model.Value.Labels;

            /// <summary>Classifies an image: Predict("photo.jpg").Label is the likeliest class.</summary>
            /// <param name="path">The image's file.</param>
            public static Prediction Predict(string path) => Model.Value.Predict(path);

            /// <summary>Classifies an image in memory.</summary>
            /// <param name="encoded">The bytes of its file.</param>
            public static Prediction Predict(ReadOnlySpan<byte> encoded) => Model.Value.Predict(encoded);

            /// <summary>Classifies an image from a stream.</summary>
            /// <param name="stream">The bytes of its file.</param>
            public static Prediction Predict(Stream stream) => Model.Value.Predict(stream);
        }
        """;

    // 'dotnet run retrain.cs' beside a project runs the project with this argument.
    private const string Program = """
        // dotnet run -- retrain [--force]    trains anew
        // dotnet run -- IMAGE...           says what is in the images
        using MLClassify;

        if (args is ["retrain" or "retrain.cs", .. string[] options])
        {
            return await RetrainingProgram.RunAsync(NAME.Retrain, options);
        }

        if (args is [] || !File.Exists(Path.Combine(AppContext.BaseDirectory, "NAME.safetensors")))
        {
            Console.Error.WriteLine(args is [] ? "usage: dotnet run -- retrain [--force] | IMAGE..." : "there is no model yet: dotnet run -- retrain");
            return 2;
        }

        int code = 0;
        foreach (string image in args)
        {
            try
            {
                Console.WriteLine($"{image}: {NAME.Predict(image)}");
            }
            catch (Exception e)
            {
                Console.Error.WriteLine($"error: {image}: {e.Message}");
                code = 1;
            }
        }

        return code;
        """;

    private const string FileProgram = """
        #:package MLClassify@VERSIONDEVICE_DIRECTIVES
        #:property ManagePackageVersionsCentrally=false
        #:property PublishAot=false
        #:property TieredCompilationQuickJitForLoops=false

        // Trains anew, without the project: dotnet run --file retrain.cs [-- --force]
        // What it trains is in NAME.mlclassify.json; changes to NAME.training.cs belong here, too.
        using MLClassify;

        return await RetrainingProgram.RunAsync(Retrain, args);

        static async Task<ReplacementResult> Retrain(bool force, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
        {
            string folder = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".";
            RetrainingProject project = RetrainingProject.Load(Path.Combine(folder, "NAME.mlclassify.json"));
            (ImageDataset train, ImageDataset validation) = project.OpenData();

            using TrainingResult result = await new FineTuneTrainer(project.Options).FitAsync(train, validation, progress, cancellationToken);
            return await ModelReplacement.ReplaceAsync(project.ModelPath, result.Classifier, validation, force, cancellationToken);
        }
        """;

    private const string Shell = """
        #!/bin/sh
        # Trains anew. Ends with 0 when the new model is in place, 3 when it is worse and the old one stays, 1 when the work failed.
        # --force replaces the model in any case.
        set -eu
        cd "$(dirname "$0")"
        exec dotnet run --configuration Release --project NAME.csproj -- retrain "$@"
        """;

    private const string PowerShell = """
        #!/usr/bin/env pwsh
        # Trains anew. Ends with 0 when the new model is in place, 3 when it is worse and the old one stays, 1 when the work failed.
        # --force replaces the model in any case.
        $ErrorActionPreference = 'Stop'
        $code = 1
        Push-Location -LiteralPath $PSScriptRoot
        try {
            dotnet run --configuration Release --project NAME.csproj -- retrain @args
            $code = $LASTEXITCODE
        } finally {
            Pop-Location
        }
        exit $code
        """;

    private const string Page = """
        # NAME

        An image classifier: the images and the options it is trained with are in `NAME.mlclassify.json`, the code is yours to change. It needs the .NET SDK 10 and
        the package `PACKAGE` VERSION in one of your NuGet sources.

        | | |
        |---|---|
        | train: the first time, and whenever there are new images | `./retrain.sh`, on Windows `pwsh retrain.ps1`, or `dotnet run -- retrain` |
        | ask | `dotnet run -- photo.jpg another.png` |
        | in another program | copy `NAME.consumption.cs` and `NAME.MODEL`, and call `NAME.Predict("photo.jpg")` |
        | change how it is trained | `NAME.mlclassify.json` for options, `NAME.training.cs` for the rest |

        A retraining replaces the model only where the new one is no worse on the images that are held out; `--force` replaces it in any case. The scripts end with 0
        when the new model is in place, 3 when the old one stays, 1 when the work failed, so that a timer or a build can run them.

        """;

    /// <summary>The files of a project, but for its configuration.</summary>
    /// <param name="name">The class's name.</param>
    /// <param name="version">The package's version.</param>
    /// <param name="device">What computes.</param>
    public static IReadOnlyList<ProjectFile> Files(string name, string version, DeviceParts device) => Files(
        name,
        version,
        device,
        [
            ("NAME.csproj", Project, false),
            ("NAME.training.cs", Training, false),
            ("NAME.consumption.cs", Consumption, false),
            ("Program.cs", Program, false),
            ("retrain.cs", FileProgram, false),
            PageOf("MLClassify", "safetensors"),
            .. Scripts,
        ]);

    /// <summary>The scripts that run the project's training.</summary>
    public static IReadOnlyList<(string Name, string Text, bool IsExecutable)> Scripts { get; } = [("retrain.sh", Shell, true), ("retrain.ps1", PowerShell, false)];

    /// <summary>A project's page.</summary>
    /// <param name="package">What the project needs.</param>
    /// <param name="model">The extension of its model's file.</param>
    public static (string Name, string Text, bool IsExecutable) PageOf(string package, string model) => (
        "NAME.md",
        Page.Replace("PACKAGE", package, StringComparison.Ordinal).Replace("MODEL", model, StringComparison.Ordinal).TrimEnd(),
        false);

    /// <summary>The texts as files, with what they say in place of <c>NAME</c> and <c>VERSION</c>.</summary>
    public static IReadOnlyList<ProjectFile> Files(string name, string version, DeviceParts device, IEnumerable<(string Name, string Text, bool IsExecutable)> texts) =>
        [.. texts.Select(file => new ProjectFile(Fill(file.Name, name, version), Fill(device.Fill(file.Text), name, version) + "\n", file.IsExecutable))];

    /// <summary>The words that stand in the texts' code; a class of such a name would hide what is meant.</summary>
    public static IReadOnlySet<string> Words { get; } = new HashSet<string>(
        new[] { Training, Consumption, Program, FileProgram }.SelectMany(CodeWords).Concat(MLNetTemplate.Words).Concat(DeviceParts.Words).Append("Program"), StringComparer.Ordinal);

    private static string Fill(string text, string name, string version) => text
        .Replace("VERSION", version, StringComparison.Ordinal)
        .Replace("NAME", name, StringComparison.Ordinal)
        .ReplaceLineEndings("\n");

    /// <summary>The words of a text's code.</summary>
    public static IEnumerable<string> CodeWords(string text) => text.Split('\n')
        .Select(line => line.Split("//")[0])
        .SelectMany(line => System.Text.RegularExpressions.Regex.Split(line, @"""[^""]*""|\W+"))
        .Where(word => word.Length > 0 && word != "NAME");
}
