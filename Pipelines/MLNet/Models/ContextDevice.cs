using Microsoft.ML.Runtime;

namespace MLClassify.MLNet;

/// <summary>The device that a context names: <c>MLContext.GpuDeviceId</c>, where there are no options to say it, as when a model file is loaded.</summary>
internal static class ContextDevice
{
    /// <summary>What computes: the card that the context names; where it names none, what <see cref="ComputeDevice.Auto"/> takes.</summary>
    /// <param name="environment">The context's.</param>
    /// <returns>The named card also where it cannot be used, unless <c>MLContext.FallbackToCpu</c> allows the processor, which a warning then says.</returns>
    public static ComputeOptions Of(IHostEnvironment environment)
    {
        if (MLNetInternals.CardOf(environment) is not { } card)
        {
            return new ComputeOptions();
        }

        ComputeDevice device = ComputeDevice.Cuda(card.Index);
        ComputeDeviceStatus? status = ComputeDevices.List().FirstOrDefault(d => d.Device == device);
        if (status is { Problem: null } || !card.MayFallBack)
        {
            return new ComputeOptions { Device = device };
        }

        using IChannel messages = environment.Register("MLClassify").Start("Device");
        messages.Warning(MessageSensitivity.None, $"GpuDeviceId names {device}, which cannot be used: {status?.Problem ?? "there is no such card"}. The processor computes, as FallbackToCpu allows.");
        return new ComputeOptions { Device = ComputeDevice.Cpu };
    }
}
