using System.Collections.Concurrent;
using System.Globalization;
using MLClassify.Imaging;
using MLClassify.Preprocessing.Augmentation;
using MLClassify.Preprocessing.Loading;

namespace MLClassify.Preprocessing.Tests.Loading;

public class BatchLoaderTests
{
    private static readonly PreprocessingSpec Spec = new() { ResizeSize = 18, CropSize = 16 };

    [Fact]
    public void Epoch_NoShuffle_GivesEverySampleInOrder()
    {
        ImageDataset dataset = FakeImages.Dataset(10);
        using BatchLoader loader = Loader(dataset, new BatchLoaderOptions { BatchSize = 4 });
        var preprocessor = new Preprocessor(Spec);
        float[] expected = new float[preprocessor.ValueCount];
        var sizes = new List<int>();
        int next = 0;

        foreach (Batch batch in loader.Epoch(0))
        {
            sizes.Add(batch.Count);
            Assert.Equal(batch.Count * expected.Length, batch.Pixels.Length);
            for (int i = 0; i < batch.Count; i++, next++)
            {
                preprocessor.Apply(FakeImages.Decode(dataset.Samples[next].Path), expected);
                Assert.Equal(next, batch.Indices[i]);
                Assert.Equal(next % 2, batch.Labels[i]);
                Assert.Equal(expected, batch.Pixels.Slice(i * expected.Length, expected.Length).ToArray());
            }
        }

        Assert.Equal([4, 4, 2], sizes);
        Assert.Equal(3, loader.BatchesPerEpoch);
        Assert.Empty(loader.Skipped);
    }

    [Fact]
    public void Epoch_FewViews_BringsTheSameChangesAgainInAnotherOrder()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset(12), new BatchLoaderOptions
        {
            BatchSize = 12,
            Shuffle = true,
            Seed = 3,
            Views = 2,
            Augmentation = AugmentationPolicy.Standard,
        });
        (int[] Order, Dictionary<int, float[]> Pixels)[] epochs = [.. Enumerable.Range(0, 4).Select(Read)];

        Assert.NotEqual(epochs[0].Order, epochs[2].Order);
        for (int image = 0; image < 12; image++)
        {
            Assert.Equal(epochs[0].Pixels[image], epochs[2].Pixels[image]);
            Assert.Equal(epochs[1].Pixels[image], epochs[3].Pixels[image]);
            Assert.NotEqual(epochs[0].Pixels[image], epochs[1].Pixels[image]);
        }

        (int[] Order, Dictionary<int, float[]> Pixels) Read(int epoch)
        {
            Batch batch = loader.Epoch(epoch).Single();
            int length = batch.Pixels.Length / batch.Count;
            int[] order = batch.Indices.ToArray();
            var pixels = new Dictionary<int, float[]>();
            for (int i = 0; i < order.Length; i++)
            {
                pixels.Add(order[i], batch.Pixels.Slice(i * length, length).ToArray());
            }

            return (order, pixels);
        }
    }

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 3, 0)]
    [InlineData(4, 2, 0)]
    [InlineData(4, 1, 1 << 30)]
    [InlineData(7, 5, 20_000)]
    public void Epoch_AnyThreadsPrefetchAndCache_GivesTheSameBits(int workers, int prefetch, long cacheBytes)
    {
        var reference = Run(1, 3, 1 << 20);

        Assert.Equal(reference, Run(workers, prefetch, cacheBytes));

        static List<string> Run(int workers, int prefetch, long cacheBytes)
        {
            string[] paths = [.. Enumerable.Range(0, 41).Select(i => i % 9 == 5 ? "damaged" : $"{i}")];
            using BatchLoader loader = Loader(FakeImages.Dataset(paths), new BatchLoaderOptions
            {
                BatchSize = 6,
                Shuffle = true,
                Seed = 12,
                Augmentation = AugmentationPolicy.Standard,
                WorkerThreads = workers,
                PrefetchBatches = prefetch,
                CacheBytes = cacheBytes,
            });
            return [.. Enumerable.Range(0, 3).SelectMany(epoch => loader.Epoch(epoch).Select(Describe))];
        }
    }

    [Fact]
    public void Epoch_Shuffled_IsAnotherOrderEachEpochAndSeed()
    {
        int[] first = Indices(1, 0);

        Assert.Equal(Enumerable.Range(0, 50), first.Order());
        Assert.NotEqual(first, Indices(1, 1));
        Assert.NotEqual(first, Indices(2, 0));
        Assert.Equal(first, Indices(1, 0));

        static int[] Indices(long seed, int epoch)
        {
            var options = new BatchLoaderOptions { BatchSize = 8, Shuffle = true, Seed = seed };
            using BatchLoader loader = Loader(FakeImages.Dataset(50), options);
            return [.. loader.Epoch(epoch).SelectMany(batch => batch.Indices.ToArray())];
        }
    }

    [Fact]
    public void Epoch_Augmented_DiffersByEpochNotByPlace()
    {
        ImageDataset dataset = FakeImages.Dataset(8);
        var options = new BatchLoaderOptions { BatchSize = 8, Augmentation = AugmentationPolicy.Standard };
        var shuffled = new BatchLoaderOptions { BatchSize = 3, Augmentation = AugmentationPolicy.Standard, Shuffle = true };

        Dictionary<int, float[]> first = Images(options, 0);

        Assert.NotEqual(first[0], Images(options, 1)[0]);
        Assert.Equal(first.OrderBy(pair => pair.Key), Images(shuffled, 0).OrderBy(pair => pair.Key));

        Dictionary<int, float[]> Images(BatchLoaderOptions chosen, int epoch)
        {
            using BatchLoader loader = Loader(dataset, chosen);
            var result = new Dictionary<int, float[]>();
            foreach (Batch batch in loader.Epoch(epoch))
            {
                int length = batch.Pixels.Length / batch.Count;
                for (int i = 0; i < batch.Count; i++)
                {
                    result.Add(batch.Indices[i], batch.Pixels.Slice(i * length, length).ToArray());
                }
            }

            return result;
        }
    }

    [Fact]
    public void Epoch_UnreadableFiles_LeavesThemOutAndReportsEachPathOnce()
    {
        ImageDataset dataset = FakeImages.Dataset("damaged", "1", "unsupported", "3", "gone", "forbidden", "6", "damaged");
        using BatchLoader loader = Loader(dataset, new BatchLoaderOptions { BatchSize = 4 });

        int[][] first = [.. loader.Epoch(0).Select(batch => batch.Indices.ToArray())];
        int[][] second = [.. loader.Epoch(1).Select(batch => batch.Indices.ToArray())];

        Assert.Equal([[1, 3], [6]], first);
        Assert.Equal(first, second);
        Assert.Equal(
            [
                new SkippedFile("damaged", "JPEG at byte 17: found the end; expected a scan"),
                new SkippedFile("unsupported", "WebP: lossless is not supported"),
                new SkippedFile("gone", "no such file"),
                new SkippedFile("forbidden", "access denied"),
            ],
            loader.Skipped);
    }

    [Fact]
    public void Epoch_UnreadableFile_KeepsPixelsAndLabelsTogether()
    {
        ImageDataset dataset = FakeImages.Dataset("damaged", "1", "2", "gone", "4");
        using BatchLoader loader = Loader(dataset, new BatchLoaderOptions { BatchSize = 5 });
        var preprocessor = new Preprocessor(Spec);
        float[] expected = new float[preprocessor.ValueCount];

        Batch batch = Assert.Single(loader.Epoch(0));

        Assert.Equal([1, 0, 0], batch.Labels.ToArray());
        preprocessor.Apply(FakeImages.Decode("4"), expected);
        Assert.Equal(expected, batch.Pixels[(2 * expected.Length)..].ToArray());
    }

    [Fact]
    public void Epoch_WholeBatchUnreadable_LeavesTheBatchOut()
    {
        ImageDataset dataset = FakeImages.Dataset("0", "1", "gone", "gone", "4");
        using BatchLoader loader = Loader(dataset, new BatchLoaderOptions { BatchSize = 2, PrefetchBatches = 1 });

        Assert.Equal([2, 1], loader.Epoch(0).Select(batch => batch.Count));
    }

    [Fact]
    public void Epoch_EveryFileUnreadable_Throws()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset("gone", "damaged", "gone"), new BatchLoaderOptions { BatchSize = 2 });

        var error = Assert.Throws<InvalidDatasetException>(() => loader.Epoch(0).Count());

        Assert.Equal("None of the 3 images can be read; the first is gone: no such file", error.Message);
        Assert.Equal(2, loader.Skipped.Count);
    }

    [Fact]
    public void Epoch_UnexpectedException_SurfacesAtTheConsumer()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset("0", "1", "bug", "3"), new BatchLoaderOptions { BatchSize = 1 });

        var error = Assert.Throws<InvalidOperationException>(() => loader.Epoch(0).Count());

        Assert.Equal("a bug", error.Message);
    }

    [Fact]
    public void Epoch_FileFailedOnce_IsNotTriedAgain()
    {
        var tries = new ConcurrentDictionary<string, int>();
        using var loader = new BatchLoader(FakeImages.Dataset("0", "gone", "2"), Spec, new BatchLoaderOptions { CacheBytes = 0 }, sample =>
        {
            tries.AddOrUpdate(sample.Path, 1, (_, count) => count + 1);
            return FakeImages.Decode(sample.Path);
        });

        Assert.Single(loader.Epoch(0));
        Assert.Single(loader.Epoch(1));

        Assert.Equal((2, 1, 2), (tries["0"], tries["gone"], tries["2"]));
    }

    [Fact]
    public void Epoch_Cached_DecodesOnce()
    {
        int decoded = 0;
        using var loader = new BatchLoader(FakeImages.Dataset(9), Spec, new BatchLoaderOptions { BatchSize = 2 }, sample =>
        {
            Interlocked.Increment(ref decoded);
            return FakeImages.Decode(sample.Path);
        });

        for (int epoch = 0; epoch < 3; epoch++)
        {
            Assert.Equal(5, loader.Epoch(epoch).Count());
        }

        Assert.Equal(9, decoded);
    }

    [Fact]
    public void Epoch_Prefetching_StaysWithinTheRing()
    {
        // The ring has room for the batch that is taken and the two after it: at every decode, an image's number is below this.
        int room = 15;
        int decoded = 0;
        int outside = 0;
        using var loader = new BatchLoader(
            FakeImages.Dataset(100),
            Spec,
            new BatchLoaderOptions { BatchSize = 5, PrefetchBatches = 3, WorkerThreads = 4 },
            sample =>
            {
                if (int.Parse(sample.Path, CultureInfo.InvariantCulture) >= Volatile.Read(ref room))
                {
                    Interlocked.Increment(ref outside);
                }

                Interlocked.Increment(ref decoded);
                return FakeImages.Decode(sample.Path);
            });
        using IEnumerator<Batch> batches = loader.Epoch(0).GetEnumerator();

        Assert.True(batches.MoveNext());
        for (int taken = 1; taken < 20; taken++)
        {
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref decoded) >= Math.Min(room, 100), Waiting.Limit));
            Assert.Equal(Math.Min(room, 100), Volatile.Read(ref decoded));
            Interlocked.Add(ref room, 5);
            Assert.True(batches.MoveNext());
        }

        Assert.False(batches.MoveNext());
        Assert.Equal(0, outside);
    }

    [Fact]
    public void Epoch_CanceledWhileWaiting_ThrowsAndStops()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new BatchLoaderOptions { BatchSize = 5, WorkerThreads = 2 };
        using var loader = new BatchLoader(FakeImages.Dataset(10), Spec, options, sample =>
        {
            if (sample.Path == "7")
            {
                cancellation.Cancel();
            }

            return FakeImages.Decode(sample.Path);
        });

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (Batch batch in loader.Epoch(0, cancellation.Token))
            {
                cancellation.Token.WaitHandle.WaitOne(Waiting.Limit);
            }
        });
    }

    [Fact]
    public void Epoch_CanceledBefore_Throws()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset(3), new BatchLoaderOptions());

        Assert.Throws<OperationCanceledException>(() => loader.Epoch(0, new CancellationToken(true)).Count());
        Assert.Single(loader.Epoch(0));
    }

    [Fact]
    public void Epoch_LeftEarly_StopsTheWorkersAndCanStartAgain()
    {
        int running = 0;
        var options = new BatchLoaderOptions { BatchSize = 2, WorkerThreads = 3 };
        using var loader = new BatchLoader(FakeImages.Dataset(1000), Spec, options, sample =>
        {
            Interlocked.Increment(ref running);
            Image image = FakeImages.Decode(sample.Path);
            Interlocked.Decrement(ref running);
            return image;
        });

        foreach (Batch batch in loader.Epoch(0))
        {
            break;
        }

        Assert.Equal(0, running);
        Assert.Equal(500, loader.Epoch(0).Count());
    }

    [Fact]
    public void Epoch_WhileAnotherRuns_Throws()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset(10), new BatchLoaderOptions { BatchSize = 2 });
        using IEnumerator<Batch> first = loader.Epoch(0).GetEnumerator();
        Assert.True(first.MoveNext());

        Assert.Throws<InvalidOperationException>(() => loader.Epoch(1).Count());

        Assert.True(first.MoveNext());
    }

    [Fact]
    public async Task Dispose_WhileTheConsumerWaits_EndsIt()
    {
        using var reached = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var loader = new BatchLoader(FakeImages.Dataset(4), Spec, new BatchLoaderOptions { WorkerThreads = 1 }, sample =>
        {
            reached.Set();
            release.Wait(Waiting.Limit);
            return FakeImages.Decode(sample.Path);
        });
        Task consumer = Task.Run(() => loader.Epoch(0).Count());
        Assert.True(reached.Wait(Waiting.Limit));
        Task disposal = Task.Run(loader.Dispose);

        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            // The consumer joins the worker too, which is still decoding.
            await Waiting.UntilAsync(() => loader.IsStopping);
            release.Set();
            await consumer.OrHang();
        });
        await disposal.OrHang();
    }

    [Fact]
    public void Epoch_Disposed_Throws()
    {
        BatchLoader loader = Loader(FakeImages.Dataset(4), new BatchLoaderOptions());
        loader.Dispose();

        Assert.Throws<ObjectDisposedException>(() => loader.Epoch(0));
    }

    [Fact]
    public void BatchLoader_EmptyDataset_Throws() =>
        Assert.Throws<ArgumentException>(() => new BatchLoader(FakeImages.Dataset(0), Spec));

    [Fact]
    public void BatchLoader_OptionsOutside_Throws()
    {
        BatchLoaderOptions[] bad =
        [
            new() { BatchSize = 0 }, new() { WorkerThreads = 0 }, new() { PrefetchBatches = 0 }, new() { CacheBytes = -1 },
        ];

        ImageDataset dataset = FakeImages.Dataset(1);
        Assert.All(bad, options => Assert.Throws<ArgumentOutOfRangeException>(() => new BatchLoader(dataset, Spec, options)));
    }

    [Fact]
    public unsafe void Pixels_EveryBatch_IsAlignedTo64Bytes()
    {
        using BatchLoader loader = Loader(FakeImages.Dataset(9), new BatchLoaderOptions { BatchSize = 2 });

        foreach (Batch batch in loader.Epoch(0))
        {
            fixed (float* pixels = batch.Pixels)
            {
                Assert.Equal(0, (nint)pixels % 64);
            }
        }
    }

    private static BatchLoader Loader(ImageDataset dataset, BatchLoaderOptions options) => new(dataset, Spec, options, sample => FakeImages.Decode(sample.Path));

    private static string Describe(Batch batch)
    {
        ulong checksum = 0;
        foreach (float value in batch.Pixels)
        {
            checksum = (checksum * 31) + BitConverter.SingleToUInt32Bits(value);
        }

        return $"{string.Join(' ', batch.Indices.ToArray())} | {string.Join(' ', batch.Labels.ToArray())} | {checksum:x}";
    }
}
