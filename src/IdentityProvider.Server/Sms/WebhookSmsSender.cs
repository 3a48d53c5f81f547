using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Outbound;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sms;

/// <summary>
/// Posts messages as JSON, signed as "Standard Webhooks" has it: HMAC-SHA-256 over id, time and body, so that the receiver can tell that it is ours,
/// unaltered, fresh and no repetition. Of the answer only the status is looked at.
/// </summary>
internal sealed class WebhookSmsSender(OutboundHttp http, IOptions<SmsOptions> options, TimeProvider clock) : ISmsSender
{
    public async Task<OutboxAttempt> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(options.Value.Url, UriKind.Absolute, out var uri) || !http.IsAllowed(uri))
        {
            return new OutboxAttempt(OutboundHttp.NotAllowed);
        }

        try
        {
            using var request = RequestOf(message, uri);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return Judge((int)response.StatusCode);
        }
        catch (Exception exception) when (OutboundHttp.IsOutage(exception, cancellationToken))
        {
            return new OutboxAttempt(exception is OperationCanceledException ? "no answer in time" : LogHygiene.OneLine(exception.Message));
        }
    }

    private HttpRequestMessage RequestOf(SmsMessage message, Uri uri)
    {
        var body = SmsWire.Write(message);
        var time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{message.Id}.{time}."), .. body];
        var signature = HMACSHA256.HashData(SmsOptions.KeyOf(options.Value.Secret)!, signed);
        var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", time);
        request.Headers.Add("webhook-signature", "v1," + Convert.ToBase64String(signature));
        return request;
    }

    /// <summary>A refusal of this message is for good; one of the moment (RFC 9110 §15.5.9, RFC 6585 §4) and a fault of the receiver are not.</summary>
    private static OutboxAttempt Judge(int status) => status switch
    {
        >= 200 and < 300 => OutboxAttempt.Delivered,
        (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests => new OutboxAttempt(Told(status)),
        >= 400 and < 500 => OutboxAttempt.GivenUp(Told(status)),
        _ => new OutboxAttempt(Told(status)),
    };

    private static string Told(int status) => string.Create(CultureInfo.InvariantCulture, $"the answer was {status}");
}
