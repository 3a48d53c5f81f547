using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>
/// Requests made by a grammar and mutated, the same in every run: whatever is sent, no answer is a fault. The long run with a seed of the
/// day belongs to the fuzzers.
/// </summary>
public sealed class GeneratedRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const int Requests = 3_000;

    private static readonly string[] Names =
    [
        "client_id", "client_secret", "client_assertion", "client_assertion_type", "grant_type", "code", "code_verifier", "redirect_uri",
        "refresh_token", "token", "token_type_hint", "scope", "resource", "state", "nonce", "response_type", "response_mode", "prompt",
        "max_age", "claims", "id_token_hint", "post_logout_redirect_uri", "request", "request_uri", "acr_values", "ui_locales", "display",
        "code_challenge", "code_challenge_method", "access_token", "idp_flow", "idp_resumed", "flow", "signout", "login_hint", "", "x",
    ];

    private static readonly string[] Values =
    [
        "", "x", "%", "%00", "%FF", "%zz", "+", "0", "-1", "1e9", "99999999999999999999", "none", "login consent", "code", "openid", "\0", "ä😀",
        "\uFEFF", "{", "{}", "[]", """{"userinfo":null}""", """{"id_token":{"sub":{"value":1}}}""", "https://app.example/cb", "javascript:alert(1)",
        "http://[::1]:99999/", "//", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.AA", "authorization_code",
        "refresh_token", "client_credentials", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "S256", "form_post", "fragment",
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ];

    private static readonly string[] Headers =
    [
        "Basic", "Basic YTpi", "Basic OjpfOg==", "Bearer", "Bearer x", "Bearer a.b.c", "DPoP x", "Digest x", "Basic %%%", ",", "Bearer\tx",
    ];

    private ulong _random = 0x9E3779B97F4A7C15;

    [Fact]
    [Case(385)]
    public async Task No_generated_request_is_answered_by_a_fault()
    {
        var clientId = server.Register(TestClients.Public()).ClientId;
        var paths = ProtocolRoutes.Table.Select(route => route.Path.Replace("{number}", "0", StringComparison.Ordinal))
            .Concat(["/signin", "/register", "/consent", "/signout", "/signed-out", "/select-account", "/account"]).ToArray();
        var statuses = new HashSet<int>();
        for (var i = 0; i < Requests; i++)
        {
            var request = Next(paths, clientId);
            var text = await DescribeAsync(request);
            var answer = await server.SendAsync(request);

            statuses.Add(answer.Status);
            Assert.True(answer.Status < 500 || (answer.Status, request.Method.Method) is (501, _), $"{answer.Status} for {text}");
        }

        // They get past the door, too.
        Assert.Superset(new HashSet<int> { 200, 303, 400, 401, 403, 405 }, statuses);
        Assert.DoesNotContain(server.Logs.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    private HttpRequestMessage Next(string[] paths, string clientId)
    {
        var pairs = new List<(string Name, string Value)>();
        for (var count = Below(8); count > 0; count--)
        {
            var name = Pick(Names);
            var value = name is "client_id" && Below(2) == 0 ? clientId : Pick(Values);
            pairs.Add((name, Below(50) == 0 ? string.Concat(Enumerable.Repeat(value, 100)) : value));
        }

        var isPost = Below(3) > 0;
        var query = isPost && Below(5) > 0 ? "" : "?" + Write(pairs, Uri.EscapeDataString);
        var request = new HttpRequestMessage(isPost ? HttpMethod.Post : HttpMethod.Get, Pick(paths) + query[..Math.Min(query.Length, 8_000)]);
        if (isPost)
        {
            // Every third body is not escaped at all.
            var body = Write(pairs, Below(3) == 0 ? value => value : Uri.EscapeDataString);
            request.Content = new ByteArrayContent(Mutate(Encoding.UTF8.GetBytes(body)));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
                Below(20) == 0 ? "application/json" : "application/x-www-form-urlencoded");
        }

        if (Below(3) == 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", Pick(Headers));
        }

        if (Below(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("Cookie", "__Host-idp-session=" + Uri.EscapeDataString(Pick(Values)));
        }

        return request;
    }

    private static string Write(List<(string Name, string Value)> pairs, Func<string, string> escape) =>
        string.Join('&', pairs.Select(pair => pair.Name + "=" + escape(pair.Value)));

    private byte[] Mutate(byte[] body)
    {
        for (var changes = Below(4) == 0 ? Below(5) : 0; changes > 0 && body.Length > 0; changes--)
        {
            body[Below(body.Length)] = (byte)Below(256);
        }

        return body;
    }

    private static async Task<string> DescribeAsync(HttpRequestMessage request) =>
        $"{request.Method} {request.RequestUri} {request.Headers.Authorization} {(request.Content is { } content ? await content.ReadAsStringAsync() : "")}";

    private string Pick(string[] from) => from[Below(from.Length)];

    /// <summary>xorshift64*: no secret depends on it, and every run is the same.</summary>
    private int Below(int limit)
    {
        _random ^= _random >> 12;
        _random ^= _random << 25;
        _random ^= _random >> 27;
        return (int)((_random * 0x2545F4914F6CDD1D >> 33) % (ulong)limit);
    }
}
