return MLClassify.Benchmarks.CommandLine.Run(args, Console.Out, Console.Error);
