using System.ComponentModel;
using System.Diagnostics;

namespace MLClassify.WeightFiles.Packages;

/// <summary>
/// Has the user's own NuGet fetch a package: <c>dotnet restore</c> of a project that is made for it, in a temporary folder of the user's.
/// Sources, credentials, proxies and signatures are those of the user's NuGet. The package alone is fetched, not what it depends on,
/// and nothing of it is run.
/// </summary>
internal static class PackageRestore
{
    private const int LongestReason = 300;

    // An option of dotnet's; no message of this library names one of the tool's.
    private const string FormatOption = "--" + "format";

    // What a host that was itself started by the SDK hands down; another build must not see it.
    private static readonly string[] Inherited = ["MSBuildSDKsPath", "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildLoadMicrosoftTargetsReadOnly"];

    /// <summary>Restores a package.</summary>
    /// <param name="package">The package.</param>
    /// <param name="version">Its version.</param>
    /// <param name="parent">A folder of the user's for the project; a subfolder is made, and removed at the end.</param>
    /// <param name="settings">The user's NuGet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">There is no SDK, or NuGet cannot get the package, or it takes too long.</exception>
    public static Task RunAsync(FeaturizerPackage package, string version, string parent, NuGetSettings settings, CancellationToken cancellationToken) =>
        RunAsync("restore", Project(package.Id, version), [], parent, settings, _ => { }, cancellationToken);

    /// <summary>Runs a command of the SDK on a project.</summary>
    /// <param name="command">The command: <c>restore</c>, <c>build</c>.</param>
    /// <param name="content">The project.</param>
    /// <param name="arguments">The command's further arguments.</param>
    /// <param name="parent">A folder of the user's for the project; a subfolder is made, and removed at the end.</param>
    /// <param name="settings">The user's NuGet.</param>
    /// <param name="done">Called with the project's folder when the command has succeeded.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">There is no SDK, or the command fails or takes too long.</exception>
    public static async Task RunAsync(
        string command, string content, IReadOnlyList<string> arguments, string parent, NuGetSettings settings, Action<string> done, CancellationToken cancellationToken)
    {
        string program = Program(settings);

        // Not in the machine's folder for temporary files: there others could put configuration files that NuGet would read.
        string folder = Path.Combine(parent, $".restore-{Path.GetRandomFileName()}");
        Directory.CreateDirectory(folder);
        try
        {
            string project = Path.Combine(folder, "packages.csproj");
            await File.WriteAllTextAsync(project, content, cancellationToken).ConfigureAwait(false);

            // The search for these ends here, so that no project around it takes part.
            foreach (string name in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"])
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), "<Project />", cancellationToken).ConfigureAwait(false);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "global.json"), "{}", cancellationToken).ConfigureAwait(false);
            (int code, string output) = await RunAsync(
                program, [command, project, "-verbosity:quiet", "-nologo", "-nodeReuse:false", .. arguments], folder, settings.RestoreLimit, cancellationToken).ConfigureAwait(false);
            if (code != 0)
            {
                throw new IOException($"'dotnet {command}' failed: {Reason(output, project)}");
            }

            done(folder);
        }
        finally
        {
            Remove(folder);
        }
    }

    /// <summary>Asks NuGet for the places that it gets packages from.</summary>
    /// <param name="settings">The user's NuGet.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="IOException">There is no SDK, or it does not answer.</exception>
    public static async Task<IReadOnlyList<string>> SourcesAsync(NuGetSettings settings, CancellationToken cancellationToken)
    {
        (_, string output) = await RunAsync(
            Program(settings), ["nuget", "list", "source", FormatOption, "short"], Directory.Exists(settings.UserFolder) ? settings.UserFolder : settings.ProgramFolder, settings.ListLimit, cancellationToken).ConfigureAwait(false);

        // "E" is an enabled source, "EM" one of the machine's.
        return [.. output.Split('\n').Select(l => l.Trim().Split(' ', 2)).Where(l => l is [['E', ..], _]).Select(l => l[1].Trim())];
    }

    // Looked for by this, so that no file in the working folder is taken for it.
    private static string Program(NuGetSettings settings)
    {
        string name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        IEnumerable<string> folders = (settings.Environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return folders.Append(settings.Environment("DOTNET_ROOT") ?? "").Where(Path.IsPathFullyQualified).Select(f => Path.Combine(f, name)).FirstOrDefault(File.Exists)
            ?? throw new IOException("there is no 'dotnet' on the PATH: restoring a package needs the .NET SDK");
    }

    private static async Task<(int Code, string Output)> RunAsync(
        string program, string[] arguments, string folder, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in Inherited)
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        using Process process = Start(start);
        process.StandardInput.Close();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(ending.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(ending.Token);
            await process.WaitForExitAsync(ending.Token).ConfigureAwait(false);
            return (process.ExitCode, $"{await output.ConfigureAwait(false)}\n{await error.ConfigureAwait(false)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(FormattableString.Invariant($"'dotnet {arguments[0]}' did not end within {limit.TotalSeconds:0.#} s"));
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"'{start.FileName}' cannot be started: {e.Message}", e);
        }
    }

    // Identifier and version are letters, digits, dots and dashes.
    private static string Project(string id, string version) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>netstandard2.0</TargetFramework>
            <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
            <AutomaticallyUseReferenceAssemblyPackages>false</AutomaticallyUseReferenceAssemblyPackages>
          </PropertyGroup>
          <ItemGroup>
            <PackageDownload Include="{id}" Version="[{version}]" />
          </ItemGroup>
        </Project>
        """;

    private static string Reason(string output, string project)
    {
        string[] lines = [.. output.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        IEnumerable<string> errors = lines.Where(l => l.Contains("error ", StringComparison.OrdinalIgnoreCase));
        string text = string.Join(" ", errors.DefaultIfEmpty(lines.FirstOrDefault() ?? "it says nothing").Select(l => l.Replace($"{project} : ", "", StringComparison.Ordinal)).Take(2));
        return text.Length > LongestReason ? $"{text[..LongestReason]}..." : text;
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Small files that nobody reads again.
        }
    }
}
