using MLClassify;

// What a user of the package writes; .ci/packages runs it.
ImageFolder flowers = ImageFolder.Open(args[0]);
(ImageDataset train, ImageDataset validation) = flowers.Split(validationFraction: 0.2, seed: 42);

var trainer = new FineTuneTrainer(new FineTuneOptions { Backbone = "resnet20_half", Weights = "embedded", TrainableLayers = TrainableLayers.Head, Epochs = 15 });
using TrainingResult result = await trainer.FitAsync(train, validation);

EvaluationResult report = result.Evaluate(validation);
Console.WriteLine(report);
Prediction best = result.Predict(validation.Samples[0].Path);
Console.WriteLine($"{validation.Samples[0].Path}: {best.Label} {best.Score:P1}");

result.Save("flowers.safetensors");
using ImageClassifier classifier = ImageClassifier.Load("flowers.safetensors");
classifier.ExportOnnx("flowers.onnx");
return report.Accuracy > 0.6 ? 0 : 1;
