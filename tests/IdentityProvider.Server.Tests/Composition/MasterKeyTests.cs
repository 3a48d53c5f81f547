using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Server.Tests.Composition;

/// <summary>A start with a wrong master key, or without: refused with a message that helps, and the keys stay as they are.</summary>
public sealed class MasterKeyTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("idp-master").FullName;
    private readonly string _good = NewKey();
    private string _stored = string.Empty;

    private string KeyFile => Path.Combine(_folder, "master.key");

    private static string[] Settings =>
    [
        "--IdentityProvider:Issuer=https://id.example.com",
        "--IdentityProvider:Storage:connection_string=Data Source=identity.db",
    ];

    private static string[] WithFile => [.. Settings, "--IdentityProvider:Keys:master_key_file=master.key"];

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(KeyFile, _good);
        Assert.Equal(0, (await ServerProcess.RunAsync("Production", _folder, ["migrate", .. WithFile])).ExitCode);
        var (server, _) = await ServerProcess.StartAsync("Production", _folder, WithFile);
        await using (server)
        {
            Assert.Equal(0, await server.StopAsync());
        }

        _stored = await ReadKeysAsync();
        Assert.NotEmpty(_stored);
    }

    public Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    [Case(412)]
    public async Task Wrong_missing_and_broken_master_keys_stop_the_start_and_change_nothing()
    {
        await File.WriteAllTextAsync(KeyFile, NewKey());
        await AssertRefusedAsync(WithFile, "with the master key from the file", "give that master key back, or give it as Keys:previous_master_key", "No key was made or changed.");

        await File.WriteAllTextAsync(KeyFile, "not a key");
        await AssertRefusedAsync(WithFile, "does not hold a master key", "openssl rand -base64 32");

        File.Delete(KeyFile);
        await AssertRefusedAsync(WithFile, "IdentityProvider:Keys:master_key_file", "which does not exist: restore it, for nothing else opens the keys");
        await AssertRefusedAsync(Settings, "IdentityProvider:Keys:master_key_file: is missing, and so is Keys:master_key");

        // Even where a missing file would be made for an empty ring.
        await AssertRefusedAsync(
            [.. WithFile, "--IdentityProvider:Keys:create_missing_master_key=true"],
            "The master key cannot be read from the file",
            "Restore it: nothing else opens the keys in the database.");
        Assert.False(File.Exists(KeyFile));

        await File.WriteAllTextAsync(KeyFile, _good);
        var (server, _) = await ServerProcess.StartAsync("Production", _folder, WithFile);
        await using (server)
        {
            Assert.Equal(0, await server.StopAsync());
        }

        Assert.Equal(_stored, await ReadKeysAsync());
    }

    private async Task AssertRefusedAsync(string[] settings, params string[] told)
    {
        var (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, ["--urls", "http://127.0.0.1:0", .. settings]);

        Assert.Equal(1, exitCode);
        Assert.All(told, words => Assert.Contains(words, output, StringComparison.Ordinal));
        Assert.DoesNotContain("listening", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain(_good, output, StringComparison.Ordinal);
        Assert.Equal(_stored, await ReadKeysAsync());
    }

    /// <summary>Every key with its dates and its wrapped secret.</summary>
    private async Task<string> ReadKeysAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "identity.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(id || created_at || activates_at || coalesce(removes_at, '') || hex(wrapped_secret)) FROM (SELECT * FROM keys ORDER BY id)";
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
