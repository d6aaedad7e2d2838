using System.CommandLine;
using System.Reflection;
using MLClassify.Cli.Options;
using MLClassify.Cli.Output;
using MLClassify.Cli.Scaffolding;
using MLClassify.WeightFiles.Pretrained;

namespace MLClassify.Cli.Commands;

/// <summary><c>new NAME --data DIR</c>: writes a small project that trains a model again and again, and uses it.</summary>
internal sealed class NewCommand
{
    private readonly CliContext _context;
    private readonly Argument<string> _name = OptionFactory.Argument("NAME", "The model's name, which becomes that of a class: 'my flowers' is MyFlowers.");
    private readonly Option<string?> _data = OptionFactory.Text("--data", "DIR", "A folder with one subfolder a class, or with train/ and val/.");
    private readonly Option<string?> _out = OptionFactory.Text("--out", "DIR", "The project's folder. Default: NAME, as it is written.");
    private readonly Option<bool> _mlnet = new("--mlnet") { Description = "Write an ML.NET pipeline, its model a zip of ML.NET's, in files as Model Builder makes them." };
    private readonly SplitOptions _split = new();
    private readonly TrainingOptions _training = new();

    private NewCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var create = new NewCommand(context);
        var command = new Command("new", "Writes a C# project around a folder of images: training, prediction, retraining.");
        create._data.Required = true;
        command.Add(create._name);
        command.Add(create._data);
        command.Add(create._out);
        command.Add(create._mlnet);
        create._split.AddTo(command, withValidation: true, withGroups: false);
        create._training.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(create.RunAsync);
        return command;
    }

    /// <summary>The folder for a name: as it was written, where a folder can be called so; C# wants a spelling of its own.</summary>
    internal static string FolderFor(string typed, string name) => typed[0] != '.' && typed.IndexOfAny([.. Path.GetInvalidFileNameChars(), '/', '\\']) < 0 ? typed : name;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string name = ProjectName.From(parsed.GetRequiredValue(_name), ProjectTemplate.Words);
        DataSelection selection = _split.Bind(parsed, parsed.GetRequiredValue(_data)!) with { NearDuplicates = false };
        FineTuneOptions options = _training.Bind(parsed, selection.Seed);
        _ = new FineTuneTrainer(options);
        TrainingData data = selection.Open(cancellationToken);
        bool isJson = parsed.GetValue(CommonOptions.Json);
        options = await ChooseAsync(options, parsed.GetValue(CommonOptions.Offline), isJson, cancellationToken).ConfigureAwait(false);

        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(_out) ?? FolderFor(parsed.GetRequiredValue(_name).Trim(), name)));
        var project = new RetrainingProject
        {
            Name = name,
            DataFolder = data.Folder.Root,
            ValidationFolder = selection.Validation is null ? null : Path.GetFullPath(selection.Validation),
            ValidationFraction = selection.Fraction,
            ValidationEvery = selection.Every,
            ModelPath = Path.Combine(folder, name + ".safetensors"),
            Options = options,
        };
        if ((folder + Path.DirectorySeparatorChar).StartsWith(data.Folder.Root + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException($"{folder} is in the folder of the images, {data.Folder.Root}, where it would be a class; name another with --out");
        }

        bool isMLNet = parsed.GetValue(_mlnet);
        var device = new DeviceParts(options.Compute.Device);
        Write(folder, project, isMLNet ? MLNetTemplate.Files(name, Version(), device) : ProjectTemplate.Files(name, Version(), device));
        Tell(folder, project, isMLNet ? "MLClassify.MLNet" : "MLClassify", isJson);
        return ExitCode.Success;
    }

    // As 'train' chooses, but nothing is fetched before it is needed.
    private async Task<FineTuneOptions> ChooseAsync(FineTuneOptions options, bool isOffline, bool isJson, CancellationToken cancellationToken)
    {
        if (options.InitialModel is not null)
        {
            return options;
        }

        using WeightsCache cache = _context.OpenWeights(isOffline);
        BackbonePreview choice = await DefaultBackbone.PreviewAsync(cache, options.Backbone, options.Weights, cancellationToken).ConfigureAwait(false);
        if (options.Backbone is null || options.Weights.Kind == WeightKind.Auto)
        {
            string why = choice.Problem is null ? "" : $"; {choice.Problem}";
            string missing = options.Backbone is null ? "--backbone" : "--weights";
            _context.ProgressWriter(isJson).WriteLine(DisplayLine.Clean($"no {missing}: {choice.Weights.Label} {choice.Network}{why}"));
        }

        return options with { Backbone = choice.Network, Weights = choice.Weights };
    }

    private static void Write(string folder, RetrainingProject project, IReadOnlyList<ProjectFile> files)
    {
        string configuration = project.Name + RetrainingProject.Extension;
        string[] taken = [.. files.Select(file => file.Name).Append(configuration).Where(file => File.Exists(Path.Combine(folder, file)))];
        if (taken.Length > 0)
        {
            throw new IOException($"{folder} has {string.Join(", ", taken)} already; nothing was written");
        }

        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.csproj").FirstOrDefault() is { } other)
        {
            throw new IOException($"{folder} has a project already, {Path.GetFileName(other)}; nothing was written");
        }

        project.Save(Path.Combine(folder, configuration));
        foreach (ProjectFile file in files)
        {
            string path = Path.Combine(folder, file.Name);

            // Renamed when it is whole: nobody builds half a file, and none that came meanwhile is replaced.
            string whole = Path.Combine(folder, $".{file.Name}.tmp");
            File.WriteAllText(whole, file.Content);
            if (file.IsExecutable && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(whole, File.GetUnixFileMode(whole) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            }

            File.Move(whole, path);
        }
    }

    private void Tell(string folder, RetrainingProject project, string package, bool isJson)
    {
        if (isJson)
        {
            JsonLine.Write(_context.Output, new
            {
                Event = "created",
                project.Name,
                Folder = folder,
                project.Options.Backbone,
                Weights = project.Options.Weights.ToString(),
                Configuration = Path.Combine(folder, project.Name + RetrainingProject.Extension),
            });
            return;
        }

        string version = Version();
        string shown = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        _context.Output.WriteLine(DisplayLine.Clean($"{project.Name}: {folder}"));
        _context.Output.WriteLine($"needs: the package {package} {version}; 'dotnet pack -c Release' in a clone of MLClassify makes it, and");
        _context.Output.WriteLine("       'dotnet nuget add source CLONE/artifacts/packages --name mlclassify' lets every project find it");
        _context.Output.WriteLine(DisplayLine.Clean($"train: {ShellText.Join([Path.Combine(shown, "retrain.sh")])}"));
        _context.Output.WriteLine(DisplayLine.Clean($"use: {ShellText.Join(["dotnet", "run", "--project", shown, "--", "IMAGE"])}"));
    }

    // The package has the tool's version.
    private static string Version() =>
        typeof(NewCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.1.0";
}
