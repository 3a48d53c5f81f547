using System.Buffers.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Interop.Tests.Running;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>oidc-agent keeps tokens for command lines: device flow, code flow, refresh.</summary>
[Collection(SharedServer.Name)]
public sealed class OidcAgentTests(InteropFixture fixture, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ClientRun _run = new(ForeignClients.OidcAgent, output);
    private readonly string _folder = Directory.CreateTempSubdirectory("idp-oidc-agent-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    private ForeignProgram? _agent;

    public Task InitializeAsync()
    {
        _environment["HOME"] = _folder;
        _environment["OIDC_CONFIG_DIR"] = _folder;
        _environment["OIDC_ENCRYPTION_PW"] = "interop";
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [InteropFact]
    public async Task Oidc_agent_signs_in_by_device_and_by_browser_and_keeps_its_tokens()
    {
        _run.Introduce((await RunAsync("oidc-agent", "--version")).Split(' ')[^1]);
        await StartAgentAsync();
        await using var person = await fixture.NewPersonAsync();

        await AddByDeviceAsync(person);
        _run.Covers("discovery");
        _run.Covers("device flow");
        await AddByCodeAsync(person);
        _run.Covers("authorization code with PKCE");

        // Longer than tokens live: the agent must refresh, and again with the token that it was given then.
        var first = await GetTokenAsync("by-device", "--time=86400");
        var second = await GetTokenAsync("by-device", "--time=86400");
        Assert.NotEqual(first, second);
        _run.Covers("refresh, with the rotated token kept");

        var claims = JsonNode.Parse(Base64Url.DecodeFromChars((await GetTokenAsync("by-code")).Split('.')[1]))!;
        Assert.Equal("oidc-agent", (string?)claims["client_id"]);
        Assert.Contains("orders.read", (string?)claims["scope"], StringComparison.Ordinal);
        _run.Covers("access token for an API");
        _run.End();
    }

    /// <summary>It prints the variables that its clients find it by, line by line only at a terminal or when stdbuf says so, and stays.</summary>
    private async Task StartAgentAsync()
    {
        _agent = ForeignProgram.Start("stdbuf", ["-oL", "oidc-agent", "--console", "--socket-path=" + Path.Combine(_folder, "socket")], _environment, _folder);
        var line = await _agent.ReadUntilAsync("OIDC_SOCK=");
        _environment["OIDC_SOCK"] = line.Split('=', ';')[1];
    }

    private async Task AddByDeviceAsync(Person person)
    {
        await using var generator = Generate("by-device", "--flow=device");
        var line = await generator.ReadUntilAsync("enter the code: ");
        await person.VisitAsync($"{fixture.Issuer}/device?user_code={line.Split(' ')[^1]}");
        await generator.Ended.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(await generator.Ended == 0, generator.Output);
    }

    private async Task AddByCodeAsync(Person person)
    {
        await using var generator = Generate("by-code", "--flow=code", "--redirect-uri=http://localhost:4242", "--no-webserver", "--no-url-call");
        var address = (await generator.ReadUntilAsync(fixture.Issuer + "/connect/authorize")).Trim();
        await person.VisitAsync(address);
        await RunAsync("oidc-gen", "--pw-env", "--codeExchange=" + person.Address);
    }

    private ForeignProgram Generate(string account, params string[] arguments) => ForeignProgram.Start(
        "oidc-gen",
        [
            "--pw-env", "--prompt=none", "--confirm-default", "--issuer=" + fixture.Issuer, "--client-id=oidc-agent", "--client-secret=" + fixture.Secret, "--cert-path=" + fixture.Certificate,
            "--scope=openid profile offline_access orders.read", .. arguments, account,
        ],
        _environment,
        _folder);

    private Task<string> GetTokenAsync(string account, params string[] arguments) => RunAsync("oidc-token", [.. arguments, account]);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        await using var process = ForeignProgram.Start(program, arguments, _environment, _folder);
        Assert.True(await process.Ended.WaitAsync(TimeSpan.FromMinutes(3)) == 0, process.Output);
        return process.Output.Trim();
    }
}
