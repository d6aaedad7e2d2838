// What a user of the package writes; .ci/packages runs it.
using MLClassify;
using MLClassify.Datasets;
using MLClassify.Evaluation;
using MLClassify.Trainers;

ImageFolder flowers = ImageFolder.Open(args[0]);
(ImageDataset train, ImageDataset validation) = flowers.Split(validationFraction: 0.2, seed: 42);

var trainer = new FineTuneTrainer(new FineTuneOptions { Backbone = "resnet16_half", Weights = "embedded", TrainableLayers = TrainableLayers.Head, Epochs = 15 });
using ImageClassifier model = await trainer.FitAsync(train, validation);

ClassificationReport report = model.Evaluate(validation);
Console.WriteLine(report);
Prediction best = model.Predict(validation.Samples[0].Path);
Console.WriteLine($"{validation.Samples[0].Path}: {best.Label} {best.Score:P1}");

model.Save("flowers.safetensors");
model.ExportOnnx("flowers.onnx");
return report.Accuracy > 0.6 ? 0 : 1;
