namespace MLClassify.Preprocessing.Augmentation;

/// <summary>A word that <see cref="AugmentationPolicy.Parse"/> knows, for help texts.</summary>
/// <param name="Name">The word.</param>
/// <param name="Syntax">What may follow it, or, of a whole policy, the parts that it stands for.</param>
/// <param name="Description">What it does, with the ranges and defaults of its parameters.</param>
public sealed record AugmentationSyntax(string Name, string Syntax, string Description);
