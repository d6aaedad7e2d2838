namespace MLClassify.Tests.Shared;

/// <summary>A test that needs the measuring data; skipped, with the reason, where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute()
    {
        if (SharedData.Folder is null)
        {
            Skip = "needs ../shared/data or $MLCLASSIFY_DATA";
        }
    }
}
