using IdentityProvider.Storage.PostgreSql;

namespace IdentityProvider.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Theory]
    [InlineData(StorageProvider.Sqlite, "Data Source=data/identity.db", 0)]
    [InlineData(StorageProvider.PostgreSql, "Host=127.0.0.1;Database=idp", 0)]
    [InlineData(StorageProvider.Sqlite, "", 1)]
    [InlineData(StorageProvider.Sqlite, "Data Source=:memory:", 1)]
    [InlineData(StorageProvider.Sqlite, "Data Source=x;Mode=Memory", 1)]
    [InlineData(StorageProvider.Sqlite, "Mode=ReadWrite", 1)]
    [InlineData(StorageProvider.Sqlite, "Host=127.0.0.1", 1)]
    [InlineData(StorageProvider.PostgreSql, "Database=idp", 1)]
    [InlineData(StorageProvider.PostgreSql, "Data Source=identity.db;Colour=red", 1)]
    [InlineData((StorageProvider)7, "Data Source=identity.db", 1)]
    public void A_connection_must_suit_its_provider(StorageProvider provider, string connectionString, int problems) =>
        Assert.Equal(problems, new StorageOptions { Provider = provider, ConnectionString = connectionString }.Validate().Count());

    [Theory]
    [InlineData("Host=127.0.0.1")]
    [InlineData("Host=127.0.0.1;Target Session Attributes=primary")]
    [InlineData("Host=db1,db2;Target Session Attributes=read-write")]
    public async Task A_connection_that_is_valid_can_be_used(string connectionString)
    {
        var options = new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = connectionString };
        Assert.Empty(options.Validate());

        await using var connections = PostgreSqlConnections.Create(options);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(65_537)]
    public void A_block_has_limits(int size) =>
        Assert.Single(new StorageOptions { ConnectionString = "Data Source=identity.db", StatusBlockSize = size }.Validate());

    [Fact]
    public void A_problem_does_not_repeat_the_password() =>
        Assert.DoesNotContain(
            new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = "Host=x;Password=hunter2;Colour=red" }.Validate(),
            problem => problem.Contains("hunter2", StringComparison.Ordinal));
}
