using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Mail;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sms;

/// <summary>Writes each message as a file of its own: <c>{id}.json</c>. One that is sent again replaces itself.</summary>
internal sealed class FileSmsSender(IOptions<SmsOptions> options) : ISmsSender
{
    public async Task<OutboxAttempt> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        var path = Path.Combine(options.Value.Folder, message.Id + ".json");
        var json = SmsWire.Write(message);
        return await SecretFiles.TryWriteAsync(path, json, cancellationToken) is { } problem
            ? new OutboxAttempt(problem)
            : OutboxAttempt.Delivered;
    }
}
