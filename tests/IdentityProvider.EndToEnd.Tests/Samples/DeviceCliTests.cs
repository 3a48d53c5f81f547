using System.Text.Json.Nodes;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The command-line tool as a process, and the person with a browser elsewhere.</summary>
[Collection(SharedSamples.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DeviceCliTests(SamplesFixture fixture)
{
    [Fact]
    public async Task Person_signs_in_on_another_device_calls_the_api_and_signs_out()
    {
        var cache = NewCache();
        await LogInAsync(cache, "allow", expectedExitCode: 0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cache));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(cache)!));

        Assert.Contains("\"name\": \"Alice Example\"", await RunAsync(cache, 0, "whoami"), StringComparison.Ordinal);
        Assert.Contains("Darjeeling", await RunAsync(cache, 0, "call"), StringComparison.Ordinal);

        var before = Read(cache);
        before["ExpiresAt"] = "2020-01-01T00:00:00+00:00";
        await File.WriteAllTextAsync(cache, before.ToJsonString());
        Assert.Contains("Darjeeling", await RunAsync(cache, 0, "call"), StringComparison.Ordinal);
        var after = Read(cache);
        Assert.NotEqual(before["AccessToken"]!.ToString(), after["AccessToken"]!.ToString());
        Assert.NotEqual(before["RefreshToken"]!.ToString(), after["RefreshToken"]!.ToString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(cache));

        Assert.Contains("Signed out.", await RunAsync(cache, 0, "logout"), StringComparison.Ordinal);
        Assert.False(File.Exists(cache));
        Assert.Contains("Sign in: login", await RunAsync(cache, 1, "whoami"), StringComparison.Ordinal);
        using var refused = await fixture.Server.PostAsync(
            "token_endpoint",
            null,
            ("client_id", "device-cli"),
            ("grant_type", "refresh_token"),
            ("refresh_token", after["RefreshToken"]!.ToString()));
        Assert.Contains("invalid_grant", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_who_says_no_is_told_so_and_nothing_is_kept()
    {
        var cache = NewCache();

        var output = await LogInAsync(cache, "deny", expectedExitCode: 1);

        Assert.Contains("The request was refused. Nobody is signed in.", output, StringComparison.Ordinal);
        Assert.False(File.Exists(cache));
    }

    [Fact]
    public async Task File_that_others_can_read_is_not_used()
    {
        var cache = NewCache();
        Directory.CreateDirectory(Path.GetDirectoryName(cache)!);
        await File.WriteAllTextAsync(cache, "{}");
        File.SetUnixFileMode(cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains("Others may have read", await RunAsync(cache, 1, "whoami"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_not_sent_to_another_issuer_and_one_that_is_away_is_explained()
    {
        var cache = NewCache();
        Directory.CreateDirectory(Path.GetDirectoryName(cache)!);
        await File.WriteAllTextAsync(
            cache, """{"Issuer":"https://elsewhere.example","AccessToken":"a","RefreshToken":"r","ExpiresAt":"2999-01-01T00:00:00+00:00"}""");
        File.SetUnixFileMode(cache, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("Nobody is signed in at " + fixture.Server.Issuer, await RunAsync(cache, 1, "call"), StringComparison.Ordinal);

        await using var lonely = SampleProcesses.StartTool("src/samples/DeviceCli", "http://127.0.0.1:9", fixture.OrdersApi, ["login"]);
        var (exitCode, output) = await lonely.EndAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("dotnet run --project src/IdentityProvider.Server", output, StringComparison.Ordinal);
    }

    private static JsonNode Read(string cache) => JsonNode.Parse(File.ReadAllText(cache))!;

    private async Task<string> LogInAsync(string cache, string decision, int expectedExitCode)
    {
        await using var tool = Start(cache, "login");
        var told = await tool.ReadAsync("open (?<page>http\\S+) and type (?<code>[^\\s.]+)\\.");
        Assert.Contains("█", tool.Output, StringComparison.Ordinal);

        using var visitor = new Visitor(new Uri(fixture.Server.Issuer));
        await visitor.GoToAsync(told.Groups["page"].Value);
        await CodeFlow.SignInAsync(visitor);
        await visitor.SubmitAsync("#device", ("user_code", told.Groups["code"].Value), ("decision", "continue"));
        Assert.Contains(told.Groups["code"].Value, visitor.Text, StringComparison.Ordinal);
        await visitor.SubmitAsync("#device-decision", ("decision", decision));

        var (exitCode, output) = await tool.EndAsync();
        Assert.True(exitCode == expectedExitCode, output);
        return output;
    }

    private async Task<string> RunAsync(string cache, int expectedExitCode, string command)
    {
        await using var tool = Start(cache, command);
        var (exitCode, output) = await tool.EndAsync();
        Assert.True(exitCode == expectedExitCode, output);
        return output;
    }

    private ChildProcess Start(string cache, string command) => SampleProcesses.StartTool(
        "src/samples/DeviceCli", fixture.Server.Issuer, fixture.OrdersApi, [command], KeyValuePair.Create("CacheFile", cache));

    private string NewCache() => fixture.NewPath(Path.Combine(Guid.NewGuid().ToString("N"), "tokens.json"));
}
