namespace MLClassify.Graphs.Devices;

/// <summary>The processor.</summary>
internal static class CpuDevice
{
    public static Device Create(int threads) => throw new NotImplementedException();
}
