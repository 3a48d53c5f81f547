using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Outbound;
using IdentityProvider.Server.Sms;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Sms;

public sealed class WebhookSmsSenderTests : IAsyncLifetime
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    private static readonly SmsMessage Message = new("0190", "+12025550143", "123456 is your code “for” us.", DateTimeOffset.UnixEpoch);

    private readonly ManualTimeProvider _clock = new();
    private readonly List<(IHeaderDictionary Headers, string Body)> _received = [];
    private WebApplication _receiver = null!;
    private int _status = 200;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);

            // The server uses its own again for the next request.
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            _received.Add((headers, await reader.ReadToEndAsync()));
            context.Response.StatusCode = _status;
            context.Response.Headers.Location = "http://127.0.0.1:1/";
        });
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task A_message_is_posted_with_a_signature_that_its_receiver_can_check()
    {
        var attempt = await SendAsync();

        Assert.Null(attempt.Problem);
        var (headers, body) = Assert.Single(_received);
        Assert.Equal("application/json", headers.ContentType);
        Assert.Equal("""{"id":"0190","to":"+12025550143","text":"123456 is your code “for” us."}""", body);
        Assert.Equal("0190", headers["webhook-id"]);
        var time = headers["webhook-timestamp"].ToString();
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), time);
        var signature = HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes($"0190.{time}.{body}"));
        Assert.Equal("v1," + Convert.ToBase64String(signature), headers["webhook-signature"]);
    }

    [Theory]
    [InlineData(204, false, false)]
    [InlineData(302, true, false)]
    [InlineData(400, true, true)]
    [InlineData(401, true, true)]
    [InlineData(408, true, false)]
    [InlineData(429, true, false)]
    [InlineData(500, true, false)]
    [InlineData(503, true, false)]
    public async Task Only_a_refusal_of_this_message_is_final_and_no_redirect_is_followed(int status, bool failed, bool final)
    {
        _status = status;

        var attempt = await SendAsync();

        Assert.Equal((failed, final), (attempt.Problem is not null, attempt.IsHopeless));
        Assert.Single(_received);
    }

    [Fact]
    [Case(197)]
    public async Task Private_addresses_are_asked_only_where_the_operator_says_so()
    {
        var attempt = await SendAsync(allowPrivate: false);

        Assert.NotNull(attempt.Problem);
        Assert.False(attempt.IsHopeless);
        Assert.Empty(_received);
    }

    [Theory]
    [InlineData("https://sms.example/send", "", "Sms:secret must be base64 of at least 24 bytes.")]
    [InlineData("https://sms.example/send", "whsec_AAAA", "Sms:secret must be base64 of at least 24 bytes.")]
    [InlineData("sms.example", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Sms:url must be an address: only https addresses without user information are asked.")]
    public void A_webhook_needs_an_address_and_a_key(string url, string secret, string problem)
    {
        var options = new SmsOptions { Transport = SmsTransport.Webhook, Url = url, Secret = secret };

        Assert.Equal([problem], options.Validate());
    }

    private async Task<Protocol.Outbox.OutboxAttempt> SendAsync(bool allowPrivate = true)
    {
        using var http = new OutboundHttp(Options.Create(new ProtocolOptions { Outbound = new OutboundOptions { AllowPrivateAddresses = allowPrivate } }));
        var options = new SmsOptions { Transport = SmsTransport.Webhook, Url = _receiver.Urls.First() + "/send", Secret = "whsec_" + Convert.ToBase64String(Key) };
        return await new WebhookSmsSender(http, Options.Create(options), _clock).SendAsync(Message, CancellationToken.None);
    }
}
