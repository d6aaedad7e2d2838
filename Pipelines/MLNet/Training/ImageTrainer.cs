namespace MLClassify.MLNet;

/// <summary>Trains on images and returns the best epoch.</summary>
internal delegate Task<TrainingResult> ImageTrainer(ImageDataset train, ImageDataset validation);
