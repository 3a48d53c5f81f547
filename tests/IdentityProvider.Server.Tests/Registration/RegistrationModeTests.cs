using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Server.Commands;
using IdentityProvider.Storage.Cleanup;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary>Who may register, and how often: section <c>Registration</c>.</summary>
public sealed class RegistrationModeTests
{
    private const string WithToken = """{ "Registration": { "mode": "initial_access_token" } }""";

    [Fact]
    [Case(202)]
    public async Task Where_it_is_off_there_is_no_such_endpoint()
    {
        using var server = ServerFixture.With("{}");
        var token = (await server.InitialTokenAsync()).Token;

        Assert.Equal(404, (await server.RegisterAsync(Registrations.Metadata(), token)).Status);
        Assert.Equal(404, (await server.SendJsonAsync(HttpMethod.Get, Registrations.Path + "/dyn-x", json: null, token)).Status);
    }

    [Fact]
    [Case(202)]
    [Clause("RFC 7591", "3", "It MAY accept an initial access token to limit registration to only previously authorized parties.")]
    public async Task Only_a_good_initial_token_registers()
    {
        using var server = ServerFixture.With(WithToken);
        var (_, used) = await server.InitialTokenAsync(uses: 1);
        var (_, expiring) = await server.InitialTokenAsync(TimeSpan.FromMinutes(5));
        var (id, revoked) = await server.InitialTokenAsync();
        await server.Services.GetRequiredService<IInitialAccessTokenStore>().TryRevokeAsync(id, default);

        Assert.Equal((400, "invalid_redirect_uri"), (await server.RegisterAsync(Registrations.Metadata(("redirect_uris", new JsonArray("x"))), used)).StatusAndError);
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata(), used)).Status);
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata(), expiring)).Status);
        server.Clock.Advance(TimeSpan.FromMinutes(5));

        foreach (var token in new[] { used, expiring, revoked, "wrong" })
        {
            var answer = await server.RegisterAsync(Registrations.Metadata(), token);
            Assert.Equal((401, "invalid_token"), answer.StatusAndError);
            Assert.Contains("error=\"invalid_token\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }

        var without = await server.RegisterAsync(Registrations.Metadata());
        Assert.Equal((401, "Bearer realm=\"registration\"", 0), (without.Status, without.Header("WWW-Authenticate"), without.Bytes.Length));
        Assert.Equal(400, (await server.SendJsonAsync(HttpMethod.Post, Registrations.Path + "?access_token=" + expiring, "{}", token: null)).Status);
    }

    [Fact]
    public async Task Registrations_of_one_address_are_limited_where_everybody_may_register()
    {
        using var server = ServerFixture.With("""{ "Registration": { "mode": "open", "registrations_per_hour": 2 } }""");
        await server.RegisterAsync(Registrations.Metadata(("redirect_uris", null)));
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata())).Status);

        var limited = await server.RegisterAsync(Registrations.Metadata());
        var withToken = await server.RegisterAsync(Registrations.Metadata(), (await server.InitialTokenAsync()).Token);
        server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal((429, "temporarily_unavailable"), limited.StatusAndError);
        Assert.InRange(int.Parse(limited.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 3600);
        Assert.Equal(201, withToken.Status);
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata())).Status);
    }

    [Fact]
    public async Task There_are_no_more_clients_than_the_operator_wants()
    {
        using var server = ServerFixture.With("""{ "Registration": { "mode": "open", "max_clients": 1 } }""");
        var told = await server.RegisteredAsync();

        Assert.Equal(429, (await server.RegisterAsync(Registrations.Metadata())).Status);
        await server.ManageAsync(HttpMethod.Delete, told, told.Text("registration_access_token"));
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata())).Status);
    }

    [Fact]
    public async Task A_client_that_never_got_a_token_expires_and_one_that_did_stays()
    {
        using var server = ServerFixture.With(Registrations.Open);
        var (used, unused) = (await server.RegisteredAsync(), await server.RegisteredAsync());
        using var browser = server.NewBrowser();
        var response = await browser.AuthorizeAsync(used.AsClient(), "alice", ("scope", "openid"));
        Assert.Equal(200, (await server.RedeemAsync(used, response["code"])).Status);

        server.Clock.Advance(TimeSpan.FromDays(7));
        await server.Services.GetRequiredService<ExpiredRowCleanup>().RunOnceAsync(default);

        Assert.Equal(401, (await server.ManageAsync(HttpMethod.Get, unused, unused.Text("registration_access_token"))).Status);
        Assert.Equal(200, (await server.ManageAsync(HttpMethod.Get, used, used.Text("registration_access_token"))).Status);
    }

    [Fact]
    public async Task Only_the_first_token_of_a_client_is_written_down()
    {
        using var server = ServerFixture.With("""{ "Registration": { "mode": "open", "allowed_grant_types": ["client_credentials"], "allowed_scopes": ["orders.read"] } }""");
        var told = await server.RegisteredAsync(("grant_types", new JsonArray("client_credentials")), ("redirect_uris", null));
        async Task GetTokenAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
            {
                Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
            };
            request.Headers.Authorization = ServerFixture.Basic(told.Text("client_id"), told.Text("client_secret"));
            Assert.Equal(200, (await server.SendAsync(request)).Status);
        }

        Assert.Equal((0, 1), await ServerFixture.CountStatementsAsync(GetTokenAsync));
        Assert.Equal((0, 0), await ServerFixture.CountStatementsAsync(GetTokenAsync));
    }

    [Fact]
    [Case(211)]
    [Clause("RFC 7591", "2.3", "Client metadata values conveyed in the software statement MUST take precedence over those conveyed using plain JSON elements.")]
    public async Task A_software_statement_of_the_trusted_issuer_overrules_the_request()
    {
        using var key = RSA.Create(2048);
        var parameters = key.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject { ["kty"] = "RSA", ["kid"] = "1", ["n"] = Encode(parameters.Modulus!), ["e"] = Encode(parameters.Exponent!) };
        var settings = new JsonObject
        {
            ["Registration"] = new JsonObject
            {
                ["mode"] = "open",
                ["software_statement_issuer"] = "https://directory.example",
                ["software_statement_jwks"] = new JsonObject { ["keys"] = new JsonArray(jwk) },
            },
        };
        using var server = ServerFixture.With(settings.ToJsonString());
        string Statement(string claims, string alg = "RS256") => Sign(key, $$"""{"alg":"{{alg}}","kid":"1"}""", claims);
        var good = Statement("""{"iss":"https://directory.example","software_id":"attested","client_name":"Attested shop"}""");

        var told = (await server.RegisterAsync(Registrations.Metadata(("software_statement", good), ("software_id", "my own")))).Json;

        Assert.Equal(("attested", "Attested shop", good), (told.Text("software_id"), told.Text("client_name"), told.Text("software_statement")));
        foreach (var (statement, error) in new[]
        {
            (Statement("""{"iss":"https://stranger.example"}"""), "unapproved_software_statement"),
            (Statement("""{"iss":"https://directory.example","exp":1}"""), "invalid_software_statement"),
            (good[..^4] + "AAAA", "invalid_software_statement"),
            (Statement("""{"iss":"https://directory.example"}""", "none"), "invalid_software_statement"),
        })
        {
            Assert.Equal((400, error), (await server.RegisterAsync(Registrations.Metadata(("software_statement", statement)))).StatusAndError);
        }
    }

    [Fact]
    public async Task The_command_makes_lists_and_revokes_tokens()
    {
        using var server = ServerFixture.With(WithToken);
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var command = new RegistrationCommand(server.Services.GetRequiredService<IInitialAccessTokenStore>(), server.Clock, output, errors);

        Assert.Equal(0, await command.RunAsync(["token", "create", "--uses", "2", "--expires-in", "3600", "--note", "for the shop"], default));
        var token = output.ToString().Trim();
        Assert.Equal(201, (await server.RegisterAsync(Registrations.Metadata(), token)).Status);
        output.GetStringBuilder().Clear();
        Assert.Equal(0, await command.RunAsync(["token", "list"], default));
        var listed = output.ToString();
        Assert.Matches(@"1 +2 +for the shop", listed);
        Assert.DoesNotContain(token, listed, StringComparison.Ordinal);
        var id = listed.Split('\n')[1].Split(' ')[0];

        Assert.Equal(0, await command.RunAsync(["token", "revoke", id], default));
        Assert.Equal(1, await command.RunAsync(["token", "revoke", id], default));
        Assert.Equal(2, await command.RunAsync(["token", "create", "--uses", "0"], default));
        Assert.Equal(2, await command.RunAsync(["token"], default));
        Assert.Equal(401, (await server.RegisterAsync(Registrations.Metadata(), token)).Status);
    }

    private static string Sign(RSA key, string header, string claims)
    {
        var input = Encode(System.Text.Encoding.UTF8.GetBytes(header)) + "." + Encode(System.Text.Encoding.UTF8.GetBytes(claims));
        return input + "." + Encode(key.SignData(System.Text.Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
