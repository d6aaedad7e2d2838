using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MLClassify.Cli.Output;

/// <summary>A command's help: what there is, then how it is used.</summary>
/// <param name="listing">Lists arguments, options and commands.</param>
internal sealed class HelpPage(HelpAction listing) : SynchronousCommandLineAction
{
    private const string Begin = """
        Begin with:
          mlclassify demo                                            paints flowers and trains on them: under a minute, no download
          mlclassify data inspect photos                             classes, damaged files, duplicates; a subfolder of photos/ is a class
          mlclassify train photos                                    the head of a pretrained network; runs/photos/ has the model and report.html
          mlclassify train photos --backbone mobilenet_v2 --weights pretrained --unfreeze all --epochs 8
          mlclassify predict runs/photos/weights/best.safetensors new.jpg
          mlclassify export runs/photos/weights/best.safetensors --onnx photos.onnx

        Exit codes:
          0  done            2    wrong usage: an unknown option, a value out of its range
          1  failed          130  stopped by Ctrl-C; the best weights so far are kept

        Environment:
          MLCLASSIFY_HOME         where fetched weights and data are kept; default: the user's application data
          MLCLASSIFY_MIRROR       where weights are fetched from instead of their publishers
          MLCLASSIFY_DATA_MIRROR  the same for 'data download'
          MLCLASSIFY_PACKAGES     the folder of NuGet packages to look in; nothing is restored then
          MLCLASSIFY_LIBTORCH     the folder of libtorch, for --device; default: what 'devices install' has fetched
          MLCLASSIFY_OFFLINE      1: fetch nothing

        Every command has its own --help; most write JSON lines with --json.
        """;

    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["mlclassify"] = Begin,
        ["train"] = """
            Examples:
              mlclassify train photos                                  the head alone, on features computed once: seconds
              mlclassify train photos --backbone resnet50 --weights pretrained --unfreeze all --epochs 10 --schedule onecycle
              mlclassify train photos --weights embedded --split-every 10 --out runs/first
              mlclassify train photos --recipe alexnet                 from scratch, as its paper did
              mlclassify train more --from runs/first/weights/best.safetensors --keep-classes
              mlclassify train --resume runs/first                     after Ctrl-C or a power cut: the same bytes as without
            """,
        ["evaluate"] = """
            Examples:
              mlclassify evaluate runs/first/weights/best.safetensors photos --split-every 10
              mlclassify evaluate a.safetensors b.onnx photos --tta ten-crop
              mlclassify evaluate --backbone cifar_resnet20 --weights cifar_resnet20.th cifar/test
            """,
        ["predict"] = """
            Examples:
              mlclassify predict flowers.safetensors tulip.jpg --top 3
              mlclassify predict flowers.onnx inbox --csv labels.csv
            """,
        ["serve"] = """
            Examples:
              mlclassify serve runs/flowers                            a page and an API at http://127.0.0.1:5080
              mlclassify serve pets=runs/pets flowers.onnx --port 80 --host 0.0.0.0
            """,
        ["tune"] = """
            Examples:
              mlclassify tune photos --vary lr=0.01,0.003 --vary dropout=0,0.5 --weights embedded
              mlclassify tune photos --vary lr=0.0001..0.1 --random 20 --minutes 60
            """,
        ["compare"] = """
            Example:
              mlclassify compare runs/first runs/second --out comparison.html
            """,
        ["new"] = """
            Example:
              mlclassify new Flowers --data photos
            """,
        ["download"] = """
            Example:
              mlclassify data download flowers
            """,
    };

    public override bool ClearsParseErrors => true;

    /// <summary>The examples, command by command.</summary>
    internal static IEnumerable<string> Texts => Examples.Values;

    /// <summary>Puts the page in the place of a root command's help.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPage((HelpAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        int code = listing.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        if (Examples.TryGetValue(command is RootCommand ? "mlclassify" : command.Name, out string? text))
        {
            parseResult.InvocationConfiguration.Output.WriteLine(text + Environment.NewLine);
        }

        return code;
    }
}
