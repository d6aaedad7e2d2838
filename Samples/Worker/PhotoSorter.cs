using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MLClassify.Hosting;
using MLClassify.Imaging;

namespace MLClassify.Samples.Worker;

/// <summary>Where photos come from and go to.</summary>
/// <param name="Inbox">Where they are put.</param>
/// <param name="Sorted">Where they go, a folder a class.</param>
/// <param name="EndsWhenEmpty">Whether the program ends when there are none left.</param>
internal sealed record Folders(string Inbox, string Sorted, bool EndsWhenEmpty);

/// <summary>Looks into the inbox every second and moves each photo to the folder of its class; what cannot be read goes to <c>unreadable</c>.</summary>
internal sealed partial class PhotoSorter(
    PredictionService classifier, Folders folders, IHostApplicationLifetime application, ILogger<PhotoSorter> logger) : BackgroundService
{
    private const string Unreadable = "unreadable";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Directory.CreateDirectory(folders.Inbox);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            string[] files = [.. Directory.EnumerateFiles(folders.Inbox).Where(ImageFolder.IsImage)];

            // All at once: the service decodes as many as there are cores, and the network sees batches.
            await Task.WhenAll(files.Select(file => SortAsync(file, stoppingToken)));
            if (folders.EndsWhenEmpty)
            {
                application.StopApplication();
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SortAsync(string file, CancellationToken stoppingToken)
    {
        string folder = Unreadable;
        try
        {
            using FileStream stream = File.OpenRead(file);
            Prediction prediction = await classifier.PredictAsync(stream, stoppingToken);
            folder = prediction.Label;
            LogSorted(file, prediction.Label, prediction.Score);
        }
        catch (InvalidImageException e) when (e.IsTruncated)
        {
            // Perhaps still being written: it stays for the next look.
            LogUnreadable(file, e.Message);
            return;
        }
        catch (Exception e) when (e is InvalidImageException or UnsupportedImageException)
        {
            LogUnreadable(file, e.Message);
        }
        catch (Exception e) when (e is IOException or ServerBusyException)
        {
            LogUnreadable(file, e.Message);
            return;
        }

        string target = Path.Combine(folders.Sorted, folder);
        Directory.CreateDirectory(target);
        File.Move(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{File}: {Label} {Score:p1}")]
    private partial void LogSorted(string file, string label, float score);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{File}: {Reason}")]
    private partial void LogUnreadable(string file, string reason);
}
