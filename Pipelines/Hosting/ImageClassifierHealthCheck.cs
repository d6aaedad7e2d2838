using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MLClassify.Hosting;

/// <summary>Healthy when an image sent now would be classified; degraded when the queue is full or the last batch failed.</summary>
internal sealed class ImageClassifierHealthCheck(PredictionService service) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["queue_length"] = service.QueueLength, ["queue_limit"] = service.Options.QueueLimit };
        HealthCheckResult result = service.Problem is { } problem
            ? new HealthCheckResult(context.Registration.FailureStatus, problem, data: data)
            : service.QueueLength >= service.Options.QueueLimit
                ? HealthCheckResult.Degraded("the queue is full", data: data)
                : service.HasFailed ? HealthCheckResult.Degraded("the network failed for the last batch", data: data)
                : HealthCheckResult.Healthy("the classifier is loaded", data);
        return Task.FromResult(result);
    }
}
