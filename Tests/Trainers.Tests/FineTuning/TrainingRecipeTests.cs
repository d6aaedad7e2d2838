namespace MLClassify.Trainers.Tests.FineTuning;

public class TrainingRecipeTests
{
    [Fact]
    public void Find_EveryName_IsValid() => Assert.All(TrainingRecipe.Names, name => _ = new FineTuneTrainer(TrainingRecipe.Find(name)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(200)]
    public void Cifar_AnyEpochs_IsValidAndDropsAtHalfAndThreeQuarters(int epochs)
    {
        FineTuneOptions options = new FineTuneTrainer(TrainingRecipe.Cifar(epochs: epochs)).Options;
        Assert.Equal(epochs, options.Epochs);
        if (epochs >= 4)
        {
            Assert.Equal([epochs / 2, epochs * 3 / 4], options.Schedule.StepEpochs);
        }
    }

    [Fact]
    public async Task AlexNetTrainer_FewImages_TrainsByThePapersRecipeAndMeasuresTenCrops()
    {
        using var images = new ColorImageFolder(perClass: 4, classes: 2);
        (ImageDataset train, ImageDataset validation) = ImageFolder.Open(images.Root).HoldOutEveryNth(2);
        var trainer = new AlexNetTrainer(new AlexNetOptions { Backbone = "alexnet_half", Epochs = 1, BatchSize = 4, Threads = 2 });
        using TrainingResult result = await trainer.FitAsync(train, validation);

        Assert.Equal((ScheduleKind.Plateau, 0.01, 0.9, 5e-4, "alexnet"), (result.Options.Schedule.Kind, result.Options.LearningRate, result.Options.Optimizer.Momentum, result.Options.Optimizer.WeightDecay, result.Options.Augmentation?.Name));
        EvaluationResult report = result.Evaluate(validation, TestTimeViews.TenCrop);
        Assert.Equal(validation.Count, report.Images);
    }

    [Fact]
    public void AlexNetTrainer_AnotherNetwork_SaysSo() =>
        Assert.Contains("must be alexnet_paper, alexnet or alexnet_half", Assert.Throws<ArgumentException>(() => new AlexNetTrainer(new AlexNetOptions { Backbone = "vgg16" })).Message);
}
