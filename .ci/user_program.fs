// What a user of the package writes in F#; .ci/packages runs it.
open System
open MLClassify

[<EntryPoint>]
let main args =
    use classifier = ImageClassifier.Load(args[0])
    let folder = ImageFolder.Open(args[1])
    let struct (train, validation) = folder.Split(0.2)
    printfn "%O" (classifier.Predict(validation.Samples[0].Path))
    let options = FineTuneOptions(Backbone = "resnet20_half", Weights = "embedded", Epochs = Nullable 2)
    use result = FineTuneTrainer(options).FitAsync(train, validation) |> Async.AwaitTask |> Async.RunSynchronously
    printfn "%O" result
    0
