namespace MLClassify.Networks.Tests;

/// <summary>What <c>Golden/make_golden.py</c> wrote.</summary>
internal static class GoldenFiles
{
    private static readonly GoldenFolder Folder = new("Networks.Tests/Golden");

    public static string[] Parameters(string network) => Folder.Lines($"parameters/{network}.txt");

    public static T Read<T>(string name) => Folder.Json<T>(name);

    public static TheoryData<string, HeadKind> Theory(IEnumerable<(string Network, HeadKind Head)> cases)
    {
        var data = new TheoryData<string, HeadKind>();
        foreach ((string network, HeadKind head) in cases)
        {
            data.Add(network, head);
        }

        return data;
    }
}
