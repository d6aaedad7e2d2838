using System.CommandLine;
using MLClassify.Cli.Options;
using MLClassify.Networks;

namespace MLClassify.Cli.Commands;

/// <summary><c>summary NAME|MODEL</c>: lists a network's layers.</summary>
internal static class SummaryCommand
{
    public static Command Create(CliContext context)
    {
        Argument<string> network = OptionFactory.Argument("NAME|MODEL", "A network's name, a model file, or an ONNX file.");
        Option<int?> classes = OptionFactory.Integer("--classes", "Classes of a network given by name. Default 1000.");
        Option<int?> imageSize = OptionFactory.Integer("--image-size", "The side of its input, in pixels. Default: the network's own.");
        var command = new Command("summary", "Lists a network's layers, parameters and multiplications.");
        command.Add(network);
        command.Add(classes);
        command.Add(imageSize);
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(network);
            if (File.Exists(name))
            {
                if (parsed.GetValue(classes) is not null || parsed.GetValue(imageSize) is not null)
                {
                    throw new UsageException("--classes and --image-size need a network's name: a model knows its own");
                }

                using ImageClassifier model = ImageClassifier.Load(name, CommonOptions.OnTheProcessor);
                context.Output.WriteLine(NetworkSummary.Of(model.Network).ToString());
                return ExitCode.Success;
            }

            NetworkDefinition definition = NetworkRegistry.Default.Get(name);
            int size = parsed.GetValue(imageSize) ?? definition.DefaultInputSize;
            var options = new NetworkOptions { Classes = parsed.GetValue(classes) ?? 1000, InputHeight = size, InputWidth = size };
            context.Output.WriteLine(NetworkSummary.Of(NetworkSpec.From(definition.Name, options)).ToString());
            return ExitCode.Success;
        });
        return command;
    }
}
