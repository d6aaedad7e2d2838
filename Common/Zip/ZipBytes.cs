using System.IO.Compression;

namespace MLClassify.Common.Zip;

/// <summary>The bytes of a zip's files. Checksums are not looked at: PyTorch may leave them out.</summary>
/// <param name="stream">The zip.</param>
/// <param name="problem">Makes the exception for a damaged zip.</param>
internal sealed class ZipBytes(Stream stream, ContentProblem problem)
{
    /// <summary>A file's bytes from a place on: stored ones are sought, deflated ones have to be inflated up to there.</summary>
    /// <param name="item">The file.</param>
    /// <param name="offset">The first byte.</param>
    public Stream Open(ZipItem item, long offset = 0)
    {
        var raw = new SubStream(stream, item.DataOffset, item.CompressedLength);
        if (!item.IsDeflated)
        {
            raw.Position = offset;
            return raw;
        }

        var inflated = new InflatedStream(new DeflateStream(raw, CompressionMode.Decompress), item, problem);
        inflated.Skip(offset);
        return inflated;
    }

    /// <summary>A whole file, whose length the caller has found reasonable.</summary>
    /// <param name="item">The file.</param>
    public byte[] Read(ZipItem item)
    {
        byte[] bytes = new byte[item.Length];
        using Stream source = Open(item);
        if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Damaged(item, problem, null);
        }

        return bytes;
    }

    private static Exception Damaged(ZipItem item, ContentProblem problem, Exception? cause) => problem(
        $"the zip entry '{InvalidWeightsException.Shorten(item.Name)}' is damaged",
        item.DataOffset,
        expected: FormattableString.Invariant($"{item.Length} bytes"),
        cause: cause);

    /// <summary>Inflates no more than the zip claims, and complains where the bytes hold more, less or nonsense.</summary>
    private sealed class InflatedStream(DeflateStream inner, ZipItem item, ContentProblem problem) : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => item.Length;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public void Skip(long count)
        {
            byte[] block = new byte[Math.Min(count, 1 << 16)];
            for (long left = count; left > 0;)
            {
                int read = Read(block.AsSpan(0, (int)Math.Min(left, block.Length)));
                left -= read > 0 ? read : throw Damaged(item, problem, null);
            }
        }

        public override int Read(Span<byte> buffer)
        {
            int wanted = (int)Math.Min(buffer.Length, item.Length - _position);
            if (wanted == 0)
            {
                return 0;
            }

            int read;
            try
            {
                read = inner.Read(buffer[..wanted]);
                _position += read;
                if (read > 0 && _position == item.Length && inner.ReadByte() >= 0)
                {
                    throw Damaged(item, problem, null);
                }
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw Damaged(item, problem, e);
            }

            return read > 0 ? read : throw Damaged(item, problem, null);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
