using System.Security.Cryptography;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Commands;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Keys;

/// <summary>A copy of the database that was made an hour ago, as <c>docs/operations.md</c> says it is put back.</summary>
public sealed class RestoredBackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("restored-");
    private readonly ManualTimeProvider _clock = new();
    private readonly string _masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    private readonly Client _client = TestClients.Confidential();

    private string Database => Path.Combine(_folder.FullName, "identity.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Case(398)]
    public async Task What_was_used_or_revoked_in_the_lost_hour_is_not_good_again()
    {
        var copy = Path.Combine(_folder.FullName, "copy.db");
        Answer revoked;
        Answer lost;
        string spent;
        string unspent;
        using (var server = Start())
        {
            server.Register(_client);
            revoked = await server.GetTokensAsync(_client);
            await ExecuteAsync(server, $"VACUUM INTO '{copy}'");
            _clock.Advance(TimeSpan.FromMinutes(59));
            Assert.Equal(200, (await server.RevokeAsync(_client, revoked.RefreshToken)).Status);
            using var browser = server.NewBrowser();
            spent = (await browser.AuthorizeAsync(_client))["code"];
            lost = await server.RedeemAsync(_client, spent);
            unspent = (await browser.AuthorizeAsync(_client))["code"];
        }

        File.Move(copy, Database, overwrite: true);
        File.Delete(Database + "-wal");
        File.Delete(Database + "-shm");
        using var restored = Start();
        Assert.True(await IsGoodAsync(restored, revoked.RefreshToken)); // what the command is for

        var output = new StringWriter();
        Assert.Equal(0, await KeysCommand.RunAsync(
            restored.Services, ["rotate", "--compromised", "all"], output, TextWriter.Null, CancellationToken.None));

        Assert.Contains("everybody signs in again", output.ToString(), StringComparison.Ordinal);
        Assert.False(await IsGoodAsync(restored, revoked.RefreshToken));
        Assert.False(await IsGoodAsync(restored, lost.RefreshToken));
        Assert.False(await restored.IsActiveAsync(lost.AccessToken));
        Assert.Equal((400, "invalid_grant"), (await restored.RefreshAsync(_client, revoked.RefreshToken)).StatusAndError);
        Assert.Equal((400, "invalid_grant"), (await restored.RedeemAsync(_client, spent)).StatusAndError);
        Assert.Equal((400, "invalid_grant"), (await restored.RedeemAsync(_client, unspent)).StatusAndError);
        var fresh = await restored.GetTokensAsync(_client);
        Assert.True(await restored.IsActiveAsync(fresh.AccessToken));
        Assert.Equal(200, (await restored.RefreshAsync(_client, fresh.RefreshToken)).Status);
    }

    private ServerFixture Start() => ServerFixture.With(
        $$"""{ "DataFolder": "{{_folder.FullName}}", "Keys": { "master_key": "{{_masterKey}}" } }""", _clock);

    private async Task<bool> IsGoodAsync(ServerFixture server, string refreshToken) =>
        (await server.IntrospectAsync(_client, refreshToken)).Json.GetProperty("active").GetBoolean();

    private static async Task ExecuteAsync(ServerFixture server, string sql)
    {
        await using var context = await server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        await context.Database.ExecuteSqlRawAsync(sql);
    }
}
