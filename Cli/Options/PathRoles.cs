using System.CommandLine;
using System.CommandLine.Parsing;

namespace MLClassify.Cli.Options;

/// <summary>Tells from what lies at a path whether it can be a command's MODEL or its images, so that exchanged ones are not a riddle.</summary>
internal static class PathRoles
{
    private static readonly string[] ModelExtensions = [".safetensors", ".onnx"];

    /// <summary>What lies at a path, with its article; null where that is nothing in particular.</summary>
    public static string? Describe(string path)
    {
        if (Directory.Exists(path))
        {
            return IsRun(path) ? "the folder of a run, which stands for its model" : HasImages(path) ? "a folder of images" : "a folder";
        }

        return !File.Exists(path) ? null : IsModelFile(path) ? "a model" : ImageFolder.IsImage(path) ? "an image" : null;
    }

    /// <summary>Refuses images in a model's place, and the other way round.</summary>
    /// <param name="parsed">The command line, whose command says how it is used.</param>
    /// <param name="models">What is given as models.</param>
    /// <param name="images">What is given as images.</param>
    /// <exception cref="UsageException">The message says what was found, and the order.</exception>
    public static void Check(ParseResult parsed, IReadOnlyList<string> models, IReadOnlyList<string> images)
    {
        string? model = models.FirstOrDefault(IsImages);
        string? image = images.FirstOrDefault(IsModel);
        bool isWrong = model is null ? File.Exists(image) : image is not null || Directory.Exists(model);
        if (!isWrong)
        {
            // A file that is no model is told so by its content where it is read.
            return;
        }

        string usage = Usage(parsed.CommandResult);
        throw new UsageException(
            model is not null && image is not null ? $"'{model}' is {Describe(model)} and '{image}' is {Describe(image)}: the order is {usage}"
            : model is not null ? $"'{model}' is {Describe(model)}, where a model is expected: {usage}"
            : $"'{image}' is a model, where images are expected: {usage}");
    }

    /// <summary>How a command is used, and what the paths are that were given: for one that lacks an argument.</summary>
    /// <param name="command">The command.</param>
    /// <param name="paths">What was given.</param>
    public static string Missing(CommandResult command, IReadOnlyList<string> paths)
    {
        string[] found = [.. paths.Select(path => (Path: path, What: Describe(path))).Where(found => found.What is not null).Select(found => $"'{found.Path}' is {found.What}")];
        return $"{Usage(command)}{(found.Length == 0 ? "" : $"; {string.Join(", ", found)}")}";
    }

    /// <summary>A command's name with those that it is a part of, each followed by a space: <c>data inspect </c>.</summary>
    public static string PathOf(CommandResult command)
    {
        string path = "";
        for (SymbolResult? result = command; result is CommandResult { Command: not RootCommand } current; result = result.Parent)
        {
            path = $"{current.Command.Name} {path}";
        }

        return path;
    }

    private static string Usage(CommandResult command) => $"mlclassify {PathOf(command)}{string.Join(' ', command.Command.Arguments.Select(argument => argument.Name))}";

    private static bool IsImages(string path) => Directory.Exists(path) ? !IsRun(path) : File.Exists(path) && ImageFolder.IsImage(path);

    private static bool IsModel(string path) => Directory.Exists(path) ? IsRun(path) : IsModelFile(path);

    private static bool IsModelFile(string path) => File.Exists(path) && ModelExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private static bool IsRun(string folder) => File.Exists(Path.Combine(folder, "weights", "best.safetensors"));

    private static bool HasImages(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any(ImageFolder.IsImage);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
