namespace MLClassify.Imaging.Jpeg;

/// <summary>A frame header (T.81 section B.2.2): size, coding process, components.</summary>
internal sealed class JpegFrame
{
    public JpegFrame(bool progressive, int width, int height, JpegComponent[] components, long offset)
    {
        Progressive = progressive;
        Width = width;
        Components = components;
        Offset = offset;
        MaxH = components.Max(component => component.H);
        MaxV = components.Max(component => component.V);
        McusWide = (width + (MaxH * 8) - 1) / (MaxH * 8);
        SetHeight(height);
    }

    public bool Progressive { get; }

    public int Width { get; }

    /// <summary>Height in pixels; 0 until a DNL segment has told it.</summary>
    public int Height { get; private set; }

    public JpegComponent[] Components { get; }

    /// <summary>Where the frame header begins.</summary>
    public long Offset { get; }

    public int MaxH { get; }

    public int MaxV { get; }

    public int McusWide { get; }

    public int McusHigh { get; private set; }

    /// <summary>Blocks of all components, including those that fill up the last MCUs.</summary>
    public long TotalBlocks => Components.Sum(component => (long)component.PaddedBlocksWide * component.PaddedBlocksHigh);

    public void SetHeight(int height)
    {
        Height = height;
        McusHigh = (height + (MaxV * 8) - 1) / (MaxV * 8);
        foreach (JpegComponent component in Components)
        {
            component.SetSize(Width, height, MaxH, MaxV);
        }
    }
}
