using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>What holds for every endpoint that programs post forms to.</summary>
public sealed class BackChannelRequestTests : IClassFixture<ServerFixture>
{
    private const string Form = "application/x-www-form-urlencoded";

    private readonly ServerFixture _server;
    private readonly Client _client;

    public BackChannelRequestTests(ServerFixture server)
    {
        _server = server;
        _client = server.Register(TestClients.Worker());
    }

    public static TheoryData<string> Paths => ["/connect/token", "/connect/deviceauthorization", "/connect/introspect", "/connect/revoke"];

    [Theory]
    [Case(79)]
    [Case(98)]
    [Case(223)]
    [MemberData(nameof(Paths))]
    public async Task Other_methods_are_not_allowed(string path)
    {
        foreach (var method in new[] { "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW" })
        {
            var answer = await _server.SendAsync(new HttpRequestMessage(new HttpMethod(method), path + "?code=x&grant_type=authorization_code"));

            Assert.Equal((405, "POST", "no-store"), (answer.Status, answer.Header("Allow"), answer.Header("Cache-Control")));
        }
    }

    [Theory]
    [Case(98)]
    [MemberData(nameof(Paths))]
    public async Task Bodies_that_are_no_forms_are_invalid_requests(string path)
    {
        await AssertRefusedAsync(400, path, "{\"grant_type\":\"client_credentials\"}"u8, "application/json");
        await AssertRefusedAsync(400, path, "--x\r\n"u8, "multipart/form-data; boundary=x");
        await AssertRefusedAsync(400, path, "grant_type=client_credentials&token=x"u8, contentType: null);
        await AssertRefusedAsync(400, path, "grant_type=client_credentials&token=x"u8, "text/plain");
    }

    [Theory]
    [Case(376)]
    [MemberData(nameof(Paths))]
    public async Task Malformed_encoding_is_an_invalid_request_and_never_a_fault(string path)
    {
        await AssertRefusedAsync(400, path, "token=%"u8, Form);
        await AssertRefusedAsync(400, path, "token=%zz"u8, Form);
        await AssertRefusedAsync(400, path, "token=%u0041"u8, Form);
        await AssertRefusedAsync(400, path, "token=%00"u8, Form);
        await AssertRefusedAsync(400, path, "token=%C0%AF"u8, Form);
        await AssertRefusedAsync(400, path, [(byte)'a', (byte)'=', 0xFF], Form);
        await AssertRefusedAsync(400, path, [(byte)'a', (byte)'=', 0], Form);
        await AssertRefusedAsync(400, path, "token=x"u8, Form + "; charset=utf-16");
        await AssertRefusedAsync(400, path, "token=x"u8, Form + "; charset=utf-7");
    }

    [Theory]
    [Case(377)]
    [MemberData(nameof(Paths))]
    public async Task Compressed_bodies_are_not_read(string path)
    {
        await AssertRefusedAsync(415, path, "token=x"u8, Form, "gzip");
        await AssertRefusedAsync(415, path, "token=x"u8, Form, "br");
    }

    [Theory]
    [Case(374)]
    [MemberData(nameof(Paths))]
    public async Task Oversized_bodies_are_refused(string path)
    {
        await AssertRefusedAsync(413, path, Encoding.ASCII.GetBytes("token=" + new string('x', 70_000)), Form);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Without_authentication_there_is_nothing_to_have(string path)
    {
        var answer = await SendAsync(path, "grant_type=client_credentials&token=x"u8, Form, encoding: null, authorization: null);

        Assert.Equal((401, "invalid_client"), answer.StatusAndError);
        Assert.NotNull(answer.Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !!!")]
    [InlineData("Basic bm9jb2xvbg==")]
    [InlineData("Bearer abc")]
    [InlineData("Basic Og==")]
    public async Task Broken_authorization_headers_are_refused_alike(string header)
    {
        var answer = await SendAsync("/connect/token", "grant_type=client_credentials"u8, Form, encoding: null, header);

        Assert.Equal((401, "invalid_client"), answer.StatusAndError);
    }

    private Task AssertRefusedAsync(int status, string path, ReadOnlySpan<byte> body, string? contentType, string? encoding = null)
    {
        return AssertRefusedAsync(
            status, SendAsync(path, body, contentType, encoding, ServerFixture.Basic(_client.ClientId, TestClients.Secret).ToString()));
    }

    private static async Task AssertRefusedAsync(int status, Task<Answer> sending)
    {
        var answer = await sending;
        Assert.Equal((status, "invalid_request"), answer.StatusAndError);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }

    private Task<Answer> SendAsync(string path, ReadOnlySpan<byte> body, string? contentType, string? encoding, string? authorization)
    {
        var content = new ByteArrayContent(body.ToArray());
        if (contentType is not null)
        {
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return _server.SendAsync(request);
    }
}
