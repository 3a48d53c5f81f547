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
    public Task<Attempt> TryPasswordAsync(string account, string? remoteAddress, bool isKnownDevice, CancellationToken cancellationToken) =>
        gate.TryEnterAsync(
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
    public Task<Attempt> TryMailedCodeAsync(string account, bool isKnownDevice, CancellationToken cancellationToken) =>
        gate.TryEnterAsync(
            [(new AttemptLimit(isKnownDevice ? "mailed-code:device" : "mailed-code:account", MailedCodes, TimeSpan.FromDays(1)), account)],
            cancellationToken);

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

    /// <summary>It was no guess after all.</summary>
    public Task TakeBackAsync(Attempt attempt, CancellationToken cancellationToken) => gate.TakeBackAsync(attempt, cancellationToken);
}
