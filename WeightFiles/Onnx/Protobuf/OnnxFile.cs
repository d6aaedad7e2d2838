namespace MLClassify.WeightFiles.Onnx.Protobuf;

/// <summary>An open ONNX file: its model, whose tensors are read from the file when they are asked for. One caller at a time.</summary>
internal sealed class OnnxFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly Stream _stream;

    /// <summary>Reads all but the tensors' elements.</summary>
    /// <param name="stream">The file; it must be seekable, and is closed with this.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or no ONNX model.</exception>
    public OnnxFile(Stream stream, string file)
    {
        _stream = stream;
        Model = ModelReader.Read(stream, file);
    }

    /// <summary>The model.</summary>
    public ModelProto Model { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="InvalidWeightsException">The file is damaged, or no ONNX model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxFile Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        try
        {
            return new OnnxFile(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
