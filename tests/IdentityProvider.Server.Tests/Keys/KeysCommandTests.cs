using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.Keys;
using IdentityProvider.Server.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Keys;

public sealed class KeysCommandTests
{
    private readonly InMemoryKeyStore _store = new();
    private readonly TestClock _clock = new();

    [Fact]
    public async Task List_says_when_there_are_no_keys_and_makes_none()
    {
        var (code, output, _) = await RunAsync("list");

        Assert.Equal(0, code);
        Assert.Equal("The ring has no keys yet; they are made when the server starts for the first time.\n", output);
        Assert.Empty(_store.Keys);
    }

    [Fact]
    public async Task List_shows_every_key_in_columns_with_times_in_utc()
    {
        await MakeRingAsync();

        var (code, output, _) = await RunAsync("list");

        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(0, code);
        Assert.Equal(5, lines.Length);
        Assert.Matches("^KEY +PURPOSE +ALGORITHM +STATE +MADE +ACTIVE FROM +RETIRED FROM +REMOVED FROM$", lines[0]);
        Assert.Contains(lines, line => line.Contains("signing  ES256      active  2026-03-01 12:00:00Z  2026-03-01 12:00:00Z  -             -", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal(lines[0].IndexOf("STATE", StringComparison.Ordinal), line.IndexOf(line == lines[0] ? "STATE" : "active", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Plan_shows_the_next_dates()
    {
        await MakeRingAsync();

        var (_, output, _) = await RunAsync("plan");

        Assert.Contains("2026-05-29 12:00:00Z  signing  ES256", output, StringComparison.Ordinal);
        Assert.Contains("its successor is announced", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_announces_and_says_when_the_key_takes_over()
    {
        await MakeRingAsync();

        var (code, output, _) = await RunAsync("rotate", "--alg", "ES256");
        Assert.Equal(0, code);
        Assert.Matches("^Announced ES256 key [A-Za-z0-9_-]{43}; it takes over at 2026-03-02 12:00:00Z\\.\n$", output);

        (code, output, _) = await RunAsync("rotate", "--alg", "ES256");
        Assert.Equal(0, code);
        Assert.StartsWith("Nothing to do", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotate_compromised_takes_the_key_out_and_another_signs()
    {
        var before = await MakeRingAsync();

        var (code, output, _) = await RunAsync("rotate", "--compromised", before);

        Assert.Equal(0, code);
        Assert.Contains("3600 seconds", output, StringComparison.Ordinal);
        Assert.NotEqual(before, await MakeRingAsync(), StringComparer.Ordinal);
        (code, _, var errors) = await RunAsync("rotate", "--compromised", before);
        Assert.Equal(1, code);
        Assert.StartsWith("The ring has no such key", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rewrap_moves_the_keys_to_the_new_master_key()
    {
        const string Next = "kH0IXz5XlY1dGdvPxqWqg0mS1Bf6Jm0x2m2k2vI0b3E=";
        await MakeRingAsync();
        var old = string.Empty;

        var (code, output, _) = await RunAsync(keys => (old, keys.PreviousMasterKey, keys.MasterKey) = (keys.MasterKey!, keys.MasterKey, Next), "rewrap");

        Assert.Equal(0, code);
        Assert.Equal("4 keys wrapped again; all are under the master key from the setting Keys:master_key.\n", output);
        await Assert.ThrowsAsync<KeyRingException>(() => RunAsync("list"));
        Assert.Equal(0, (await RunAsync(keys => keys.MasterKey = Next, "list")).Code);
    }

    [Theory]
    [InlineData]
    [InlineData("lsit")]
    [InlineData("rotate", "--alg")]
    [InlineData("rotate", "--alg", "HS512")]
    [InlineData("rotate", "ES256")]
    [InlineData("list", "more")]
    public async Task Words_that_make_no_sense_are_refused_with_the_usage(params string[] words)
    {
        var (code, output, errors) = await RunAsync(words);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(KeysCommand.Usage, errors, StringComparison.Ordinal);
        Assert.Empty(_store.Keys);
    }

    private async Task<string> MakeRingAsync()
    {
        await using var services = KeyServices.Create(_store, _clock);
        await services.GetRequiredService<KeyRotation>().AdvanceAsync(CancellationToken.None);
        return services.GetRequiredService<KeyRing>().GetSigner(SigningAlgorithm.ES256).KeyId;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] words) => RunAsync(_ => { }, words);

    private async Task<(int Code, string Output, string Errors)> RunAsync(Action<Protocol.Configuration.KeyOptions> configure, params string[] words)
    {
        await using var services = KeyServices.Create(_store, _clock, configure);
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await KeysCommand.RunAsync(services, words, output, errors, CancellationToken.None);
        return (code, output.ToString(), errors.ToString());
    }
}
