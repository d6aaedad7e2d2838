using System.Runtime.CompilerServices;
using MLClassify.Common;
using MLClassify.Imaging;

namespace MLClassify;

/// <content>The same without a thread that waits: files and streams are read asynchronously, the thread pool computes.</content>
public sealed partial class ImageClassifier
{
    /// <summary>Reads a model file, or an ONNX file, on the thread pool: the content decides.</summary>
    /// <param name="path">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model.</param>
    /// <param name="threads">Threads that compute; all cores when 0.</param>
    /// <param name="cancellationToken">Cancels the load before it begins.</param>
    /// <returns>The classifier; disposed by the caller.</returns>
    /// <exception cref="InvalidWeightsException">The file is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The load was canceled.</exception>
    public static Task<ImageClassifier> LoadAsync(string path, int threads = 0, CancellationToken cancellationToken = default) =>
        Task.Run(() => Load(path, threads), cancellationToken);

    /// <summary>Reads a model file, or an ONNX file, from a stream, which is read asynchronously to its end.</summary>
    /// <param name="stream">What <see cref="Save(string)"/> or a training run wrote, or an ONNX model; not disposed.</param>
    /// <param name="compute">What computes; the defaults when null.</param>
    /// <param name="cancellationToken">Cancels the load before the model is made.</param>
    /// <returns>The classifier; disposed by the caller.</returns>
    /// <exception cref="InvalidWeightsException">The content is damaged, or holds weights without a model's description.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The load was canceled.</exception>
    public static async Task<ImageClassifier> LoadAsync(Stream stream, ComputeOptions? compute = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var content = new MemoryStream();
        await stream.CopyToAsync(content, cancellationToken).ConfigureAwait(false);
        content.Position = 0;
        return await Task.Run(() => Load(content, compute), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a model file (safetensors) on the thread pool; see <see cref="Save(string)"/>.</summary>
    /// <param name="path">The file; written to a temporary name and renamed.</param>
    /// <param name="cancellationToken">Cancels the save before it begins; a file is never left half written.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The save was canceled.</exception>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default) => Task.Run(() => Save(path), cancellationToken);

    /// <summary>Classifies an image file; its content decides the format.</summary>
    /// <param name="path">The file, which is read asynchronously.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the call before the network runs.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public async Task<Prediction> PredictAsync(string path, TestTimeViews views = TestTimeViews.None, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        using PooledBytes content = await PooledBytes.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Predict(content.Span, views), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidImageException e)
        {
            e.File = path;
            throw;
        }
        catch (UnsupportedImageException e)
        {
            e.File = path;
            throw;
        }
    }

    /// <summary>Classifies an encoded image from a stream, which is read asynchronously to its end.</summary>
    /// <param name="stream">The file's bytes; not disposed.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the call before the network runs.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public async Task<Prediction> PredictAsync(Stream stream, TestTimeViews views = TestTimeViews.None, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using PooledBytes content = await PooledBytes.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Predict(content.Span, views), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Classifies an encoded image in memory, on the thread pool.</summary>
    /// <param name="encoded">The file's bytes, which do not change until the task is over.</param>
    /// <param name="views">The views that it is shown, whose probabilities are averaged; default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="InvalidImageException">The content is not an image or is damaged.</exception>
    /// <exception cref="UnsupportedImageException">A valid format or feature that is not decoded.</exception>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public Task<Prediction> PredictAsync(ReadOnlyMemory<byte> encoded, TestTimeViews views = TestTimeViews.None, CancellationToken cancellationToken = default) =>
        Task.Run(() => Predict(encoded.Span, views), cancellationToken);

    /// <summary>Classifies files one after the other as they come, such as those of a folder that is being filled; each result is there before the next file is asked for.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="views">The views that each is shown in, whose probabilities are averaged; default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the sequence.</param>
    /// <returns>A result a file, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The sequence was canceled.</exception>
    public async IAsyncEnumerable<FilePrediction> PredictAsync(
        IAsyncEnumerable<string> paths, TestTimeViews views = TestTimeViews.None, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        await foreach (string path in paths.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            FilePrediction result;
            try
            {
                result = new FilePrediction(path, await PredictAsync(path, views, cancellationToken).ConfigureAwait(false), Error: null);
            }
            catch (Exception e) when (e is InvalidImageException or UnsupportedImageException or IOException or UnauthorizedAccessException)
            {
                result = new FilePrediction(path, Prediction: null, ImageErrors.Reason(e));
            }

            yield return result;
        }
    }

    /// <summary>Classifies many files on the thread pool, decoding ahead while the network computes.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="views">The views that each is shown in, whose probabilities are averaged; default the center crop alone.</param>
    /// <param name="cancellationToken">Cancels the call between batches.</param>
    /// <returns>As many results as files, in their order; a file that cannot be read has its reason.</returns>
    /// <exception cref="OperationCanceledException">The call was canceled.</exception>
    public Task<IReadOnlyList<FilePrediction>> PredictAsync(
        IEnumerable<string> paths, TestTimeViews views = TestTimeViews.None, CancellationToken cancellationToken = default) =>
        Task.Run(() => Predict(paths, views, cancellationToken), cancellationToken);
}
