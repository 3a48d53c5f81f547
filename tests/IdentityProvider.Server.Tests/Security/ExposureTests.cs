using System.Text.Json.Nodes;
using IdentityProvider.Server.Tests.Composition;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Security;

/// <summary>What strangers on the network, and other users of the machine, can see of a running server.</summary>
public sealed class ExposureTests : IDisposable
{
    private const string Mark = "MARKEDSECRET";

    /// <summary>32 bytes in base64, with the mark in it.</summary>
    private const string MasterKey = Mark + "MARKEDSECRETMARKEDSECRETMARKEDA=";

    private readonly string _folder = Directory.CreateTempSubdirectory("idp-exposure").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Case(358)]
    public async Task Nothing_of_the_inside_is_served()
    {
        using var server = new ServerFixture();
        string[] paths =
        [
            "/metrics", "/prometheus", "/debug", "/debug/pprof/", "/debug/vars", "/trace", "/diagnostics", "/env", "/actuator", "/actuator/env", "/actuator/health",
            "/health", "/health/", "/health/details", "/health/ready/details", "/healthz", "/status", "/openapi", "/openapi.json", "/openapi/v1.json", "/swagger",
            "/swagger/index.html", "/swagger/v1/swagger.json", "/config", "/configuration", "/appsettings.json", "/appsettings.Production.json", "/.env", "/.git/config",
            "/web.config", "/identity.db", "/dev/mail", "/dev", "/admin", "/api", "/console", "/_framework/debug", "/server-status",
        ];

        foreach (var path in paths)
        {
            Assert.Equal((path, 404), (path, (await server.GetAsync(path)).Status));
            Assert.InRange((await server.SendAsync(new HttpRequestMessage(HttpMethod.Post, path))).Status, 404, 415);
        }

        foreach (var path in new[] { "/health/live", "/health/ready" })
        {
            var answer = await server.GetAsync(path + "?verbose=true&detail=1");
            Assert.Equal((200, "Healthy", "text/plain"), (answer.Status, answer.Body, answer.Header("Content-Type")));
        }
    }

    [Fact]
    [Case(424)]
    public async Task No_secret_stands_in_the_process_list_an_answer_the_output_or_a_report_of_the_configuration()
    {
        var settings = await WriteSettingsAsync(Mark + " secret of the client, long enough");
        var (code, output) = await ServerProcess.RunAsync("Production", _folder, ["check", .. settings]);
        Assert.True(code == 0, output);
        AssertClean(output);

        var (server, http) = await ServerProcess.StartAsync("Production", _folder, [.. settings, """--IdentityProvider:Proxies:trusted_proxies=["127.0.0.1"]"""]);
        await using (server)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            var processList = await File.ReadAllTextAsync($"/proc/{server.Id}/cmdline");
            Assert.Contains("IdentityProvider.Server.dll", processList, StringComparison.Ordinal); // it was really read
            AssertClean(processList);
            foreach (var path in new[] { "/health/live", "/health/ready", "/.well-known/openid-configuration", "/.well-known/jwks.json", "/env", "/signin" })
            {
                using var answer = await http.GetAsync(path);
                AssertClean(await answer.Content.ReadAsStringAsync() + answer.Headers);
            }

            Assert.Equal(0, await server.StopAsync());
            AssertClean(server.Output);
        }

        foreach (var command in new[] { "list", "plan" })
        {
            (code, output) = await ServerProcess.RunAsync("Production", _folder, ["keys", command, .. settings]);
            Assert.True(code == 0, output);
            AssertClean(output);
        }

        AssertClean((await ServerProcess.RunAsync("Production", _folder, ["check", .. await WriteSettingsAsync(Mark)])).Output); // too short: told, not shown
    }

    [Theory]
    [InlineData("IdentityProvider:Keys:master_key=" + MasterKey)]
    [InlineData("IdentityProvider:Keys:previous_master_key=" + MasterKey)]
    [InlineData("IdentityProvider:Mail:password=" + Mark)]
    [InlineData("IdentityProvider:Sms:secret=" + Mark)]
    [InlineData("IdentityProvider:Storage:connection_string=Host=db;Database=idp;Username=idp;Password=" + Mark)]
    [InlineData("IdentityProvider:Storage:connection_string=Host=db;Database=idp;Username=idp;PWD=" + Mark)]
    [InlineData("IdentityProvider:Storage:connection_string=Host=db;Database=idp;Username=idp;SSL Password=" + Mark)]
    [InlineData("IdentityProvider:Declared:Clients:shop:client_secret=" + Mark)]
    [InlineData("Kestrel:Certificates:Default:Password=" + Mark)]
    [Case(424)]
    public async Task Secret_on_the_command_line_is_refused(string setting)
    {
        var settings = await WriteSettingsAsync(Mark + " secret of the client, long enough");

        var (code, output) = await ServerProcess.RunAsync("Production", _folder, ["check", .. settings, "--" + setting]);

        Assert.Equal(1, code);
        Assert.Contains(
            "(command line): is a secret, and everybody on this machine can read command lines; give it in a file or as an environment variable",
            output,
            StringComparison.Ordinal);
        AssertClean(output);
    }

    private async Task<string[]> WriteSettingsAsync(string clientSecret)
    {
        var file = Path.Combine(_folder, "settings.json");
        var section = new JsonObject
        {
            ["Issuer"] = "https://id.example.com",
            ["Keys"] = new JsonObject { ["master_key"] = MasterKey },
            ["Storage"] = new JsonObject { ["connection_string"] = "Data Source=identity.db", ["migrate_at_start"] = true },
            ["Mail"] = new JsonObject
            {
                ["transport"] = "smtp",
                ["from"] = "no-reply@id.example",
                ["host"] = "127.0.0.1",
                ["user_name"] = "mailer",
                ["password"] = Mark,
            },
            ["Declared"] = new JsonObject
            {
                ["Clients"] = new JsonArray(new JsonObject
                {
                    ["client_id"] = "shop",
                    ["client_secret"] = clientSecret,
                    ["grant_types"] = new JsonArray("client_credentials"),
                }),
            },
        };
        await File.WriteAllTextAsync(file, new JsonObject { ["IdentityProvider"] = section }.ToJsonString());
        return ["--config", file];
    }

    private static void AssertClean(string text) => Assert.DoesNotContain(Mark, text, StringComparison.Ordinal);
}
