using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace IdentityProvider.Server.Tests.Composition;

/// <summary>Starting, refusing to start, and stopping, seen from outside the process.</summary>
public sealed class ServerProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("idp-start").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_first_start_in_Development_makes_everything_and_a_second_one_finds_it()
    {
        var (first, http) = await ServerProcess.StartAsync("Development", _folder);
        await using (first)
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready")).StatusCode);
            Assert.True(await GetsTokenAsync(http));
            Assert.Equal(0, await first.StopAsync());
            Assert.Contains("this machine only (loopback)", first.Output, StringComparison.Ordinal);
            Assert.Contains("alice with password development", first.Output, StringComparison.Ordinal);
        }

        var keys = await KeyIdsAsync();
        var (second, again) = await ServerProcess.StartAsync("Development", _folder);
        await using (second)
        {
            Assert.DoesNotContain("brought to this version's schema", second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(" made; it takes over", second.Output, StringComparison.Ordinal);
            Assert.True(await GetsTokenAsync(again));
            Assert.Equal(keys, await KeyIdsAsync(again));
            Assert.Equal(0, await second.StopAsync());
        }

        async Task<string[]> KeyIdsAsync(HttpClient? client = null)
        {
            if (client is null)
            {
                var (_, output) = await ServerProcess.RunAsync("Development", _folder, "keys", "list");
                return [.. output.Split('\n').Where(line => line.Contains(" signing ", StringComparison.Ordinal)).Select(line => line.Split(' ')[0]).Order()];
            }

            using var json = JsonDocument.Parse(await client.GetStringAsync("/.well-known/jwks.json"));
            return [.. json.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!).Order()];
        }
    }

    [Fact]
    public async Task Outside_Development_a_database_of_Development_stands_in_the_one_list_of_problems()
    {
        var (server, _) = await ServerProcess.StartAsync("Development", _folder);
        await using (server)
        {
            await server.StopAsync();
        }

        var (exitCode, output) = await ServerProcess.RunAsync(
            "Production", _folder, "--IdentityProvider:Issuer=http://id.example.com", "--IdentityProvider:Storage:connection_string=Data Source=identity.db");

        Assert.Equal(1, exitCode);
        Assert.Contains("IdentityProvider:Issuer (command line): must be https", output, StringComparison.Ordinal);
        Assert.Contains("IdentityProvider:Keys:master_key_file: is missing, and so is Keys:master_key", output, StringComparison.Ordinal);
        Assert.Contains("client web-app with a secret of the samples", output, StringComparison.Ordinal);
        Assert.Contains("client service-worker with a secret of the samples", output, StringComparison.Ordinal);
        Assert.Contains("client orders-api with a secret of the samples", output, StringComparison.Ordinal);
        Assert.Contains("account alice, declared in Development", output, StringComparison.Ordinal);
        Assert.Contains("account bob, declared in Development", output, StringComparison.Ordinal);

        // With sound settings the database alone stops the start.
        (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, Sound(masterKeyFile: "master.key"));
        Assert.Equal(1, exitCode);
        Assert.Contains("account alice, declared in Development", output, StringComparison.Ordinal);
        Assert.DoesNotContain("IdentityProvider:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_waits_for_the_command_migrate_and_then_starts()
    {
        var masterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await File.WriteAllTextAsync(Path.Combine(_folder, "production.key"), masterKey);

        var (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, Sound());
        Assert.Equal(1, exitCode);
        Assert.Contains("The database lacks migrations of this version", output, StringComparison.Ordinal);

        (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, ["migrate", .. Sound()]);
        Assert.True(exitCode == 0, output);
        (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, ["migrate", .. Sound()]);
        Assert.Equal(0, exitCode);
        Assert.Contains("The database is up to date.", output, StringComparison.Ordinal);

        var (server, http) = await ServerProcess.StartAsync(
            "Production", _folder, [.. Sound(), """--IdentityProvider:Proxies:trusted_proxies=["127.0.0.1"]"""]);
        await using (server)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using var metadata = JsonDocument.Parse(await http.GetStringAsync("/.well-known/openid-configuration"));
            Assert.Equal("https://id.example.com", metadata.RootElement.GetProperty("issuer").GetString());
            Assert.Equal(0, await server.StopAsync());
            Assert.All(server.Output.Split('\n'), line => JsonDocument.Parse(line).Dispose());
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "production.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        (exitCode, output) = await ServerProcess.RunAsync("Production", _folder, Sound());
        Assert.Equal(1, exitCode);
        Assert.Contains("Cannot unwrap key", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_hinders_the_start_is_told_in_a_line_that_says_what_to_do()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = await RunAsync(_folder, $"--urls=http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}");
        Assert.Contains("address already in use. Another program listens there, or this server runs already: stop it, or choose another", taken, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Path.Combine(_folder, "noise.db"), RandomNumberGenerator.GetBytes(8192));
        var noise = await RunAsync(_folder, "--IdentityProvider:Storage:connection_string=Data Source=noise.db");
        Assert.Contains("no SQLite database: restore it from a backup, or name another one. IdentityProvider:DataFolder", noise, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        var file = await RunAsync(Path.Combine(_folder, "file", "folder"));
        Assert.Contains("IdentityProvider:DataFolder and IdentityProvider:Storage:connection_string say where it stands", file, StringComparison.Ordinal);

        var away = await RunAsync(
            _folder, "--IdentityProvider:Storage:provider=postgresql", "--IdentityProvider:Storage:connection_string=Host=127.0.0.1;Port=1;Username=idp");
        Assert.Contains("PostgreSQL cannot be reached: Failed to connect to 127.0.0.1:1. Is it running", away, StringComparison.Ordinal);

        static async Task<string> RunAsync(string folder, params string[] arguments)
        {
            var (exitCode, output) = await ServerProcess.RunAsync("Development", folder, ["--urls=http://127.0.0.1:0", .. arguments]);
            Assert.Equal(1, exitCode);
            Assert.Contains("The server cannot do that in Development:\n  - ", output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
            return output;
        }
    }

    [Fact]
    public async Task Check_tells_sound_settings_from_unsound_ones_and_touches_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "production.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

        var (sound, _) = await ServerProcess.RunAsync("Production", _folder, ["check", .. Sound()]);
        var (unsound, output) = await ServerProcess.RunAsync("Production", _folder, ["check", .. Sound(), "--IdentityProvider:Tokens:clock_skew=99"]);

        Assert.Equal((0, 1), (sound, unsound));
        Assert.Contains("IdentityProvider:Tokens:clock_skew (command line): must be from 0 to 60 seconds.", output, StringComparison.Ordinal);
        Assert.Equal(["production.key"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Requests_beyond_the_limits_are_refused_and_the_server_does_not_name_itself()
    {
        var (server, http) = await ServerProcess.StartAsync("Development", _folder);
        await using (server)
        {
            var ordinary = await http.GetAsync("/connect/authorize?state=" + new string('s', 4000));
            var longLine = await SendAsync(http, $"GET /?{new string('a', 9000)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            var manyHeaders = await SendAsync(http, $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('a', 33_000)}\r\n\r\n");
            using var large = new StringContent("grant_type=" + new string('a', 70_000), Encoding.ASCII, "application/x-www-form-urlencoded");
            var largeBody = await http.PostAsync("/connect/token", large);

            Assert.Equal(HttpStatusCode.BadRequest, ordinary.StatusCode);
            Assert.StartsWith("HTTP/1.1 414 ", longLine, StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 431 ", manyHeaders, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, largeBody.StatusCode);
            Assert.Equal("no-store", largeBody.Headers.CacheControl?.ToString());
            Assert.DoesNotContain("\r\nServer:", longLine, StringComparison.OrdinalIgnoreCase);
            Assert.False(ordinary.Headers.Contains("Server"));
        }
    }

    private static string[] Sound(string masterKeyFile = "production.key") =>
    [
        "--IdentityProvider:Issuer=https://id.example.com",
        "--IdentityProvider:Storage:connection_string=Data Source=identity.db",
        $"--IdentityProvider:Keys:master_key_file={masterKeyFile}",
    ];

    private static async Task<bool> GetsTokenAsync(HttpClient http)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Content = form };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("service-worker:service-worker-development-secret"u8));
        using var response = await http.SendAsync(request);
        return (await response.Content.ReadAsStringAsync()).Contains("\"access_token\"", StringComparison.Ordinal);
    }

    /// <summary>As it stands, without a client that tidies up; the beginning of the answer.</summary>
    private static async Task<string> SendAsync(HttpClient http, string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, http.BaseAddress!.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[4096];
        var count = await stream.ReadAsync(buffer);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
