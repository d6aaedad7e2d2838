namespace MLClassify.MLNet;

/// <summary>Trains on pictures and returns the best epoch.</summary>
internal delegate Task<TrainingResult> PictureTrainer(ImageDataset train, ImageDataset validation);
