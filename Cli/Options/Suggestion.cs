using System.CommandLine;
using MLClassify.Common;

namespace MLClassify.Cli.Options;

/// <summary>What an unknown word was meant to be: one that is spelled almost so, or this tool's word for what others call so.</summary>
internal static class Suggestion
{
    // What is an option of some commands may be an argument of others.
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--lr"] = ["learning-rate", "learningrate", "rate", "lr0", "base-lr", "initial-lr", "head-lr"],
        ["--out"] = ["output", "output-dir", "out-dir", "outdir", "output-folder", "save-dir", "save", "dest", "destination", "run-dir"],
        ["--onnx"] = ["output", "output-file", "file"],
        ["--epochs"] = ["num-epochs", "n-epochs", "max-epochs", "num-train-epochs", "iterations"],
        ["--batch-size"] = ["batch", "bs", "train-batch-size", "per-device-train-batch-size"],
        ["--image-size"] = ["imgsz", "img-size", "img", "size", "input-size", "resolution", "crop-size"],
        ["--backbone"] = ["model", "arch", "architecture", "network", "net", "model-name", "base-model"],
        ["--weights"] = ["pretrained", "pretrained-weights", "checkpoint", "ckpt", "init", "initial-weights"],
        ["--from"] = ["initial-model", "base", "fine-tune-from"],
        ["--threads"] = ["workers", "num-workers", "jobs", "num-threads", "cpus"],
        ["--val"] = ["validation", "valid", "val-dir", "validation-dir", "validation-folder", "test-dir"],
        ["--split"] = ["val-split", "validation-split", "val-fraction", "validation-fraction", "test-size", "holdout"],
        ["--seed"] = ["random-seed", "random-state"],
        ["--optimizer"] = ["opt", "optim", "solver"],
        ["--schedule"] = ["sched", "scheduler", "lr-scheduler", "lr-schedule"],
        ["--weight-decay"] = ["wd", "decay", "l2"],
        ["--label-smoothing"] = ["smoothing"],
        ["--augment"] = ["aug", "augmentation", "augmentations", "transforms", "auto-augment", "aa"],
        ["--patience"] = ["early-stopping", "early-stop", "early-stopping-patience"],
        ["--warmup-epochs"] = ["warmup", "warm-up", "warmup-steps"],
        ["--clip-norm"] = ["clip", "clip-grad", "grad-clip", "gradient-clipping", "max-grad-norm"],
        ["--accumulate"] = ["grad-accum", "accumulation-steps", "gradient-accumulation-steps"],
        ["--ema"] = ["ema-decay", "model-ema"],
        ["--unfreeze"] = ["freeze", "freeze-backbone", "trainable", "trainable-layers", "fine-tune", "finetune"],
        ["--normalize"] = ["normalization", "mean-std"],
        ["--class-weights"] = ["class-weight", "balanced"],
        ["--keep-classes"] = ["extend-classes"],
        ["--top"] = ["topk", "top-k", "k"],
        ["--overwrite"] = ["force", "exist-ok"],
        ["--tta"] = ["test-time-augmentation", "augmentations"],
        ["--csv"] = ["output", "output-file"],
        ["MODEL"] = ["model", "weights", "checkpoint", "network"],
        ["DATA"] = ["data", "dataset", "data-dir", "data-path", "dataset-dir", "train-dir", "input", "folder", "path", "images", "source"],
        ["IMAGE"] = ["image", "images", "img", "input", "source", "file", "path"],
    };

    private static readonly Dictionary<string, string[]> CommandSynonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = ["fit", "finetune", "fine-tune", "retrain"],
        ["evaluate"] = ["eval", "test", "validate", "val", "score", "measure"],
        ["predict"] = ["classify", "infer", "inference", "run", "label"],
        ["export"] = ["convert"],
        ["summary"] = ["info", "show", "describe"],
        ["tune"] = ["search", "sweep", "hpo"],
        ["lr-find"] = ["find-lr", "lr-finder"],
        ["new"] = ["init", "create", "scaffold"],
        ["backbones"] = ["models", "networks", "zoo"],
        ["data"] = ["dataset", "datasets", "download"],
    };

    /// <summary>The words of other tools, with what they are here.</summary>
    internal static IEnumerable<(string Meant, string Word)> All => Synonyms.Concat(CommandSynonyms).SelectMany(pair => pair.Value.Select(word => (pair.Key, word)));

    /// <summary><c>, perhaps NAME</c>, or nothing where no known name is near.</summary>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">The known names.</param>
    public static string Perhaps(string name, IEnumerable<string> known) => NearestName.Find(name, known) is { } nearest ? $", perhaps {nearest}" : "";

    /// <summary>What an option that a command does not have was meant to be, as the end of a sentence; empty where nobody knows.</summary>
    /// <param name="option">The option as it was written, with a value or without.</param>
    /// <param name="command">The command.</param>
    public static string ForOption(string option, Command command)
    {
        string name = option.Split('=', ':')[0].TrimStart('-').Replace('_', '-');
        foreach (string meant in Synonyms.Where(pair => pair.Value.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(pair => pair.Key))
        {
            if (command.Options.Any(known => known.Name == meant))
            {
                return $", perhaps {meant}";
            }

            if (command.Arguments.Any(argument => argument.Name.Contains(meant, StringComparison.Ordinal)))
            {
                return $"; {meant} is given without an option: 'mlclassify {command.Name} {string.Join(' ', command.Arguments.Select(argument => argument.Name))}'";
            }
        }

        return Perhaps($"--{name}", command.Options.Where(known => !known.Hidden).Select(known => known.Name));
    }

    /// <summary>What a command that there is not was meant to be, as the end of a sentence.</summary>
    /// <param name="word">The command as it was written.</param>
    /// <param name="parent">The command that it was to be a part of.</param>
    public static string ForCommand(string word, Command parent)
    {
        string[] known = [.. parent.Subcommands.Select(command => command.Name)];
        string? meant = CommandSynonyms.FirstOrDefault(pair => pair.Value.Contains(word, StringComparer.OrdinalIgnoreCase)).Key;
        return meant is not null && known.Contains(meant) ? $", perhaps {meant}" : Perhaps(word, known);
    }
}
