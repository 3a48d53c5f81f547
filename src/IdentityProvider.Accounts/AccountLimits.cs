using IdentityProvider.Protocol.Attempts;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts;

/// <summary>The limits of <see cref="LimitsOptions"/>, applied.</summary>
public sealed class AccountLimits(AttemptGate gate, IOptions<LimitsOptions> options)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Half of the hundred of NIST SP 800-63B-4 §3.2.2, which a window's edge can double.</summary>
    private const int MailedCodes = 50;

    private LimitsOptions Limits => options.Value;

    /// <summary>
    /// A password is about to be checked. The address comes first, so that who has no attempt left there takes none away from the account;
    /// a browser the account has signed in with before has a counter of its own, which nobody elsewhere can use up.
    /// </summary>
    /// <param name="account">The account's id, or what was typed when there is none.</param>
    /// <param name="remoteAddress">Of the request.</param>
    /// <param name="isKnownDevice">Whether the account has signed in in this browser before.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<OpenAttempt> TryPasswordAsync(string account, string? remoteAddress, bool isKnownDevice, CancellationToken cancellationToken) =>
        gate.TryBeginAsync(
            isKnownDevice
                ? [(new AttemptLimit("password:device", Limits.PasswordAttempts, Limits.PasswordWindow), account)]
                :
                [
                    (new AttemptLimit("password:address", Limits.PasswordAttemptsPerAddress, Limits.PasswordWindow), ClientAddress.CountedAs(remoteAddress)),
                    (new AttemptLimit("password:account", Limits.PasswordAttempts, Limits.PasswordWindow), account),
                ],
            cancellationToken);

    /// <summary>The password was right and is refused all the same: no guess, and counted apart.</summary>
    public Task<Attempt> TryPolicyRefusalAsync(string account, CancellationToken cancellationToken) =>
        gate.TryEnterAsync([(new AttemptLimit("password:policy", Limits.PolicyRefusals, Limits.PasswordWindow), account)], cancellationToken);

    /// <summary>Somebody asks us to send a mail.</summary>
    public Task<Attempt> TryAskForMailAsync(string? remoteAddress, CancellationToken cancellationToken) =>
        gate.TryEnterAsync(
            [(new AttemptLimit("mail:address", Limits.MailRequestsPerAddress, Hour), ClientAddress.CountedAs(remoteAddress))], cancellationToken);

    /// <summary>A mail that somebody asked for is about to be sent there.</summary>
    public Task<Attempt> TryMailToAsync(string address, CancellationToken cancellationToken) =>
        gate.TryEnterAsync([(new AttemptLimit("mail:receiver", Limits.MailsPerReceiver, Hour), address.ToUpperInvariant())], cancellationToken);

    /// <summary>
    /// A mailed code is about to be compared. Each code takes five tries by itself; this is for who asks for codes over and over.
    /// </summary>
    /// <param name="account">The account's id, or what was typed when there is none.</param>
    /// <param name="isKnownDevice">Whether the account has signed in in this browser before: then strangers do not count against it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<OpenAttempt> TryMailedCodeAsync(string account, bool isKnownDevice, CancellationToken cancellationToken) =>
        gate.TryBeginAsync(
            [(new AttemptLimit(isKnownDevice ? "mailed-code:device" : "mailed-code:account", MailedCodes, TimeSpan.FromDays(1)), account)],
            cancellationToken);

    /// <summary>
    /// A code of a second factor is about to be compared, of the app, of recovery or of any other kind: five wrong ones in five minutes and
    /// fifty in a day.
    /// </summary>
    /// <param name="accountId">Whose factor.</param>
    /// <param name="deviceId">The browser, where the account is known in it: it counts by itself, so that a stranger with the password cannot lock the owner out.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<OpenAttempt> TrySecondFactorAsync(string accountId, Guid? deviceId, CancellationToken cancellationToken)
    {
        var value = deviceId is { } device ? $"{accountId} {device:N}" : accountId;
        return gate.TryBeginAsync(
            [
                (new AttemptLimit("second-factor:account", 5, TimeSpan.FromMinutes(5)), value),
                (new AttemptLimit("second-factor:account-day", 50, TimeSpan.FromDays(1)), value),
            ],
            cancellationToken);
    }

    /// <summary>A passkey's answer is about to be verified. Nobody guesses one; what is counted is the work that an address makes for us.</summary>
    public Task<OpenAttempt> TryPasskeyAsync(string? remoteAddress, CancellationToken cancellationToken) =>
        gate.TryBeginAsync(
            [(new AttemptLimit("passkey:address", 30, TimeSpan.FromMinutes(15)), ClientAddress.CountedAs(remoteAddress))], cancellationToken);

    /// <summary>A text message is about to be sent, which costs money: by address, by account, and last by receiver.</summary>
    public Task<Attempt> TryTextMessageAsync(string? remoteAddress, string accountId, string number, CancellationToken cancellationToken) =>
        gate.TryEnterAsync(
            [
                (new AttemptLimit("sms:address", Limits.TextMessagesPerAddress, Hour), ClientAddress.CountedAs(remoteAddress)),
                (new AttemptLimit("sms:account", Limits.TextMessagesPerAccount, TimeSpan.FromDays(1)), accountId),
                (new AttemptLimit("sms:receiver", Limits.TextMessagesPerReceiver, Hour), number),
            ],
            cancellationToken);

    /// <summary>An account is about to be created.</summary>
    public Task<Attempt> TryRegisterAsync(string? remoteAddress, CancellationToken cancellationToken) =>
        gate.TryEnterAsync(
            [(new AttemptLimit("registration:address", Limits.RegistrationsPerAddress, Hour), ClientAddress.CountedAs(remoteAddress))],
            cancellationToken);
}
