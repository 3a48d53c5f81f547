using System.Collections.Concurrent;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Server.Sms;

/// <summary>The last text messages of this process, to be read at <c>/dev/mail</c>; handed on to the transport when there is one. Development only.</summary>
internal sealed class DevelopmentTelephones(ISmsSender? transport) : ISmsSender
{
    private const int Most = 100;

    private readonly ConcurrentQueue<SmsMessage> _messages = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SmsMessage> Messages => [.. _messages.Reverse()];

    public async Task<OutboxAttempt> SendAsync(SmsMessage message, CancellationToken cancellationToken)
    {
        var attempt = transport is null ? OutboxAttempt.Delivered : await transport.SendAsync(message, cancellationToken);
        if (attempt.Problem is null)
        {
            _messages.Enqueue(message);
            while (_messages.Count > Most && _messages.TryDequeue(out _))
            {
            }
        }

        return attempt;
    }
}
