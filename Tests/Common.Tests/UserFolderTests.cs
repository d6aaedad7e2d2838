namespace MLClassify.Common.Tests;

public class UserFolderTests
{
    [Fact]
    public void Find_VariableSet_IsThatFolder() => Assert.Equal(Path.GetFullPath("data/here"), UserFolder.Find(_ => "data/here"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Find_VariableUnset_IsBelowTheUsersData(string? value)
    {
        string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (data.Length == 0)
        {
            Assert.Contains(UserFolder.Variable, Assert.Throws<IOException>(() => UserFolder.Find(_ => value)).Message);
            return;
        }

        Assert.Equal(Path.Combine(data, "MLClassify"), UserFolder.Find(_ => value));
    }
}
