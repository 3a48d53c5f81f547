using System.Net.Sockets;
using System.Text;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Bearer;

/// <summary>RFC 6750 §2 and §3 on the wire.</summary>
public sealed class ChallengeTests
{
    private const string Realm = "Bearer realm=\"https://orders.example\"";

    [Theory]
    [InlineData(null)]
    [InlineData("Basic YTpi")]
    [InlineData("Bearerish abc")]
    [InlineData("DPoP abc")]
    public async Task Request_without_a_bearer_token_is_told_the_scheme_and_no_error(string? authorization)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.SendAsync("/any", authorization);

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(Realm, response.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, api.Issuer.Requests("/jwks"));
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a,b")]
    [InlineData("Bearer \"a\"")]
    public async Task Malformed_authorization_header_is_an_invalid_request(string authorization)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.SendAsync("/any", authorization);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(
            Realm + ", error=\"invalid_request\", error_description=\"The Authorization header is malformed.\"",
            response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("Bearer ")]
    public async Task Scheme_is_compared_without_case_and_may_be_followed_by_spaces(string scheme)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.SendAsync("/any", $"{scheme} {api.Issuer.Token()}");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Token_in_the_query_is_refused_even_if_it_is_good()
    {
        await using var api = await TestApi.StartAsync();
        using var alone = await api.GetAsync("/any?access_token=" + api.Issuer.Token(), token: null);
        using var both = await api.GetAsync("/any?access_token=" + api.Issuer.Token(), api.Issuer.Token());

        Assert.Equal((400, 400), ((int)alone.StatusCode, (int)both.StatusCode));
        Assert.Equal(
            Realm + ", error=\"invalid_request\", error_description=\"The access token must not be sent in the query.\"",
            alone.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Token_in_header_and_form_is_an_invalid_request()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await PostFormAsync(api, "/any", ("access_token", api.Issuer.Token()));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("one place only", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_can_still_be_read_by_the_endpoint()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await PostFormAsync(api, "/form", ("item", "tea"));

        Assert.Equal("tea", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Two_authorization_headers_are_an_invalid_request()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", api.Http.BaseAddress!.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /any HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nAuthorization: Bearer {token}\r\n\r\n"));
        using var reader = new StreamReader(stream);

        Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoint_for_everyone_answers_whatever_the_token_is()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/open", "rubbish");

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Claims_keep_the_names_they_have_in_the_token()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["roles"] = new System.Text.Json.Nodes.JsonArray("buyer", "clerk"));
        using var response = await api.GetAsync("/claims", token);
        var claims = await response.Content.ReadAsStringAsync();

        Assert.Equal(
            $"[\"iss={api.Issuer.Issuer}\",\"aud=https://orders.example\",\"sub=alice\",\"client_id=web-app\","
            + $"\"scope=orders.read\",\"jti=t1\",\"iat={api.Issuer.Seconds(0)}\",\"exp={api.Issuer.Seconds(300)}\","
            + "\"roles=buyer\",\"roles=clerk\"]",
            claims);
        using var name = await api.GetAsync("/name", token);
        Assert.Equal("alice", await name.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Nothing_a_client_sent_is_logged()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["sub"] = "marked-subject");
        await api.GetAsync("/any", token);
        await api.GetAsync("/any", token.Replace(token.Split('.')[2], api.Issuer.Token().Split('.')[2], StringComparison.Ordinal));
        await api.GetAsync("/any?access_token=marked-token", token: null);

        Assert.Equal(
            "Access token refused: signature, algorithm or payload is not good, "
            + "Request refused: The access token must not be sent in the query.",
            string.Join(", ", api.Log.Lines.Where(line => line.Contains("refused", StringComparison.Ordinal))));
        Assert.DoesNotContain(api.Log.Lines, line => line.Contains(token[..20], StringComparison.Ordinal)
            || line.Contains("marked", StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> PostFormAsync(TestApi api, string path, (string Name, string Value) field)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create(field.Name, field.Value)]),
        };
        request.Headers.Authorization = new("Bearer", api.Issuer.Token());
        return await api.Http.SendAsync(request);
    }
}
