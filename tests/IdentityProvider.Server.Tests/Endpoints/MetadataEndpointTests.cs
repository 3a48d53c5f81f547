using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class MetadataEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string OpenId = "/.well-known/openid-configuration";
    private const string OAuth = "/.well-known/oauth-authorization-server";

    /// <summary>Has no member in the metadata: the metadata itself, and status lists, whose address stands in each token.</summary>
    private static readonly string[] NotInMetadata =
    [
        OpenId, OAuth, "/connect/statuslists/{number}", "/connect/register", "/connect/register/{client_id}", "/connect/logos/{client_id}",
    ];

    [Fact]
    [Clause("RFC 8414", "3.2", "A successful response MUST use the 200 OK HTTP status code and return a JSON object using the application/json content type")]
    public async Task Metadata_is_what_stands_in_the_golden_file()
    {
        var answer = await server.GetAsync(OpenId);

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Golden.AssertEqual("metadata.json", answer.Json);
    }

    [Fact]
    public async Task Both_well_known_addresses_say_the_same()
    {
        Assert.Equal((await server.GetAsync(OpenId)).Body, (await server.GetAsync(OAuth)).Body);
    }

    [Fact]
    public async Task Every_protocol_route_is_in_the_metadata_or_on_a_short_list()
    {
        var metadata = (await server.GetAsync(OpenId)).Json;
        var told = metadata.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String).Select(member => member.Value.GetString());

        Assert.Equal(
            ProtocolRoutes.Table.Select(route => route.Path).Except(NotInMetadata).Order(),
            told.Where(value => value != ServerFixture.Issuer).Select(value => value![ServerFixture.Issuer.Length..]).Order());
    }

    [Theory]
    [Case(430)]
    [Case(431)]
    [InlineData(OpenId)]
    [InlineData(OAuth)]
    [InlineData(EndpointPaths.Jwks)]
    public async Task Public_documents_are_cacheable_and_open_to_every_origin(string path)
    {
        var answer = await server.GetAsync(path);

        Assert.StartsWith("public, max-age=", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData(OpenId)]
    [InlineData(OAuth)]
    [InlineData(EndpointPaths.Jwks)]
    public async Task Who_has_the_present_version_is_not_sent_it_again(string path)
    {
        var etag = (await server.GetAsync(path)).Header("ETag")!;

        Assert.Equal((304, 0), await ConditionalAsync(path, etag));
        Assert.Equal((304, 0), await ConditionalAsync(path, "\"other\", " + etag));
        Assert.Equal((304, 0), await ConditionalAsync(path, "W/" + etag));
        Assert.Equal((304, 0), await ConditionalAsync(path, "*"));
        Assert.Equal(200, (await ConditionalAsync(path, "\"other\"")).Status);
    }

    [Theory]
    [InlineData(OpenId, "POST")]
    [InlineData(OAuth, "DELETE")]
    [InlineData(EndpointPaths.Jwks, "PUT")]
    public async Task Other_methods_are_not_allowed(string path, string method)
    {
        var answer = await server.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(405, answer.Status);
        Assert.Equal("GET, HEAD", answer.Header("Allow"));
    }

    [Fact]
    public async Task Head_and_preflight_are_answered_without_a_body()
    {
        var head = await server.SendAsync(new HttpRequestMessage(HttpMethod.Head, OpenId));
        var preflight = await server.SendAsync(new HttpRequestMessage(HttpMethod.Options, OpenId));

        Assert.Equal(200, head.Status);
        Assert.Equal((204, "*", "GET, HEAD"), (
            preflight.Status, preflight.Header("Access-Control-Allow-Origin"), preflight.Header("Access-Control-Allow-Methods")));
    }

    [Fact]
    [Clause("RFC 8414", "3.1", "the well-known URI path suffix is inserted between the host component and the path component, if any")]
    public async Task Issuer_with_a_path_has_its_metadata_in_both_places()
    {
        using var other = ServerFixture.With("""{ "Issuer": "https://id.example/tenant" }""");

        var inserted = await other.GetAsync("/.well-known/oauth-authorization-server/tenant");
        var appended = await other.GetAsync("/tenant/.well-known/openid-configuration");

        Assert.Equal("https://id.example/tenant", inserted.Json.GetProperty("issuer").GetString());
        Assert.Equal(inserted.Body, appended.Body);
        Assert.Equal("https://id.example/tenant/connect/token", inserted.Json.GetProperty("token_endpoint").GetString());
        Assert.Equal(401, (await other.PostAsync("/tenant/connect/token", TestClients.Public(), ("grant_type", "refresh_token"))).Status);
    }

    [Fact]
    [Case(413)]
    public async Task Jwks_holds_public_members_only()
    {
        var keys = (await server.GetAsync(EndpointPaths.Jwks)).Json.GetProperty("keys").EnumerateArray().ToList();

        Assert.Equal(keys.Count, keys.Select(key => key.GetProperty("kid").GetString()).Distinct().Count());
        Assert.All(keys, key =>
        {
            Assert.Equal("sig", key.GetProperty("use").GetString());
            Assert.NotEmpty(key.GetProperty("alg").GetString()!);
            Assert.DoesNotContain(key.EnumerateObject(), member => member.Name is "d" or "p" or "q" or "dp" or "dq" or "qi" or "k");
        });
    }

    private async Task<(int Status, int Length)> ConditionalAsync(string path, string etag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        var answer = await server.SendAsync(request);
        return (answer.Status, answer.Bytes.Length);
    }
}
