using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Server.Sms;

/// <summary>Hands a text message on.</summary>
internal interface ISmsSender
{
    /// <summary>One attempt. The message is the next one's responsibility once this says so.</summary>
    Task<OutboxAttempt> SendAsync(SmsMessage message, CancellationToken cancellationToken);
}

/// <summary>A text message as it is sent.</summary>
/// <param name="Id">The same for every attempt to send it, so that a receiver can tell a repetition.</param>
/// <param name="To">E.164, with the plus.</param>
/// <param name="Text">What is read.</param>
/// <param name="Date">When it was asked for.</param>
internal sealed record SmsMessage(string Id, string To, string Text, DateTimeOffset Date);
