namespace MLClassify.Trainers;

/// <summary>Makes errors about settings.</summary>
internal static class OptionError
{
    /// <summary>
    /// What <see cref="Exception.Data"/> has the setting's path under, such as <c>Input.ImageSize</c>, as the message has it: a program that
    /// gives its users other names for the settings can put those in their place.
    /// </summary>
    public const string Key = "option";

    /// <summary>An error about a setting that cannot be.</summary>
    /// <param name="option">The setting's path.</param>
    /// <param name="message">The whole message, which names it.</param>
    public static ArgumentException Create(string option, string message) => new(message) { Data = { [Key] = option } };
}
