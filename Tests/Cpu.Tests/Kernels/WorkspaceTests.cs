using MLClassify.Engines.Cpu.Kernels;

namespace MLClassify.Engines.Cpu.Tests;

public unsafe class WorkspaceTests
{
    [Fact]
    public void Take_ManyBlocksWhileGrowing_AllStayIntactAndAligned()
    {
        using var workspace = new Workspace();
        for (int round = 0; round < 3; round++)
        {
            workspace.Reset();
            var blocks = new List<(nint Address, int Length)>();
            for (int i = 0; i < 40; i++)
            {
                int length = (i * 7919 % 60000) + 1;
                int* block = workspace.Take<int>(length);
                Assert.Equal(0, (nint)block % 64);
                new Span<int>(block, length).Fill(i);
                blocks.Add(((nint)block, length));
            }

            for (int i = 0; i < blocks.Count; i++)
            {
                Assert.True(new ReadOnlySpan<int>((int*)blocks[i].Address, blocks[i].Length).IndexOfAnyExcept(i) < 0, $"block {i} was overwritten in round {round}");
            }
        }
    }

    [Fact]
    public void Take_SameSizesAgain_AllocatesNothing()
    {
        using var workspace = new Workspace();
        long length = 3_000_000;
        workspace.Take<float>(length);
        workspace.TakePointers(length);
        workspace.Reset();
        float* first = workspace.Take<float>(length);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 10; round++)
        {
            workspace.Reset();
            Assert.True(workspace.Take<float>(length) == first);
            workspace.TakePointers(length);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Take_ImpossibleLength_Throws()
    {
        using var workspace = new Workspace();
        Assert.Throws<OverflowException>(() => workspace.Take<double>(long.MaxValue));
        Assert.Throws<OverflowException>(() => workspace.Take<double>(-1));
    }

    [Fact]
    public void Dispose_ThenTake_StartsAfresh()
    {
        var workspace = new Workspace();
        workspace.Take<float>(100);
        workspace.Dispose();
        workspace.Reset();
        workspace.Take<float>(100)[99] = 1;
        workspace.Dispose();
    }
}
