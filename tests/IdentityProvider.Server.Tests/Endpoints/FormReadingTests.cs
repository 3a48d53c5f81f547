using System.Text;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class FormReadingTests
{
    private const string Form = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData(Form)]
    [InlineData("Application/X-WWW-Form-Urlencoded")]
    [InlineData(Form + "; charset=utf-8")]
    [InlineData(Form + ";charset=\"UTF-8\"")]
    [InlineData(Form + "; boundary=x")]
    public async Task Form_in_utf8_is_read(string contentType)
    {
        var reading = await ReadAsync("grant_type=refresh_token&scope=a+b", contentType);

        Assert.True(reading.Succeeded);
        Assert.Equal("refresh_token", reading.Parameters["grant_type"]);
        Assert.Equal("a b", reading.Parameters["scope"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData(Form + "; charset=utf-7")]
    [InlineData(Form + "; charset=utf-16")]
    [InlineData(Form + "; charset=iso-8859-1")]
    [InlineData(Form + "x")]
    [InlineData(Form + ", " + Form)]
    public async Task Other_content_types_and_charsets_are_invalid_requests(string? contentType)
    {
        await AssertRefusedAsync(400, "grant_type=refresh_token", contentType);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task Encoded_body_is_an_unsupported_media_type(string encoding)
    {
        await AssertRefusedAsync(415, "a=1", Form, context => context.Request.Headers.ContentEncoding = encoding);
    }

    [Theory]
    [InlineData("a=%zz")]
    [InlineData("a=%")]
    [InlineData("a=%u0041")]
    [InlineData("a=%00")]
    [InlineData("a=%C0%AF")]
    [InlineData("a=%FF")]
    public async Task Malformed_body_is_an_invalid_request(string body)
    {
        await AssertRefusedAsync(400, body, Form);
    }

    [Fact]
    public async Task Body_of_64_kB_is_read_and_one_byte_more_is_too_large()
    {
        var fitting = "a=" + new string('x', FormReading.MaxBodyLength - 2);

        Assert.True((await ReadAsync(fitting, Form)).Succeeded);
        await AssertRefusedAsync(413, fitting + "x", Form);
    }

    [Fact]
    public async Task Too_long_a_body_is_refused_by_its_announced_length_without_being_read()
    {
        var context = Post("a=1", Form);
        context.Request.ContentLength = FormReading.MaxBodyLength + 1;
        context.Request.Body = new UnreadableStream();

        var reading = await FormReading.ReadFormAsync(context.Request, CancellationToken.None);

        Assert.Equal(413, reading.Status);
    }

    [Theory]
    [InlineData("?client_secret=s3cret")]
    [InlineData("?x=1&client_assertion=s3cret")]
    [InlineData("?code=s3cret")]
    [InlineData("?token=s3cret")]
    [InlineData("?state=s3cret")]
    [InlineData("?x=%zz")]
    public async Task Parameters_in_the_query_of_a_post_are_refused_and_their_values_are_not_kept(string query)
    {
        var reading = await AssertRefusedAsync(400, "a=1", Form, context => context.Request.QueryString = new QueryString(query));

        Assert.DoesNotContain("s3cret", reading.Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_names_in_the_query_of_a_post_are_ignored()
    {
        var reading = await ReadAsync("a=1", Form, context => context.Request.QueryString = new QueryString("?api-version=2&a=3"));

        Assert.Equal("1", reading.Parameters?["a"]);
    }

    [Fact]
    public async Task Doubled_parameter_is_reported_by_its_name()
    {
        Assert.Equal("a", (await ReadAsync("a=1&b=2&a=3", Form)).Parameters?.Duplicate);
    }

    [Fact]
    public void Query_is_read_strictly()
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString("?state=%C3%A4&resource=a&resource=b");
        var good = FormReading.ReadQuery(context.Request);
        context.Request.QueryString = new QueryString("?state=%E4");
        var bad = FormReading.ReadQuery(context.Request);

        Assert.Equal("ä", good.Parameters?["state"]);
        Assert.Equal(["a", "b"], good.Parameters?.Resources);
        Assert.Equal(400, bad.Status);
    }

    private static async Task<RequestReading> AssertRefusedAsync(
        int status, string body, string? contentType, Action<HttpContext>? change = null)
    {
        var reading = await ReadAsync(body, contentType, change);
        Assert.False(reading.Succeeded);
        Assert.Equal(status, reading.Status);
        Assert.Equal(ErrorCodes.InvalidRequest, reading.Error.Code);
        return reading;
    }

    private static async Task<RequestReading> ReadAsync(string body, string? contentType, Action<HttpContext>? change = null)
    {
        var context = Post(body, contentType);
        change?.Invoke(context);
        return await FormReading.ReadFormAsync(context.Request, CancellationToken.None);
    }

    private static DefaultHttpContext Post(string body, string? contentType)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.ContentType = contentType;
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }

    private sealed class UnreadableStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("the body must not be read");
    }
}
