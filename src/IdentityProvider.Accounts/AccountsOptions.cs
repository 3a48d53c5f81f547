using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.Profiles;

namespace IdentityProvider.Accounts;

/// <summary>People: section <c>IdentityProvider:Accounts</c>.</summary>
public sealed class AccountsOptions
{
    /// <summary><c>registration</c>: who may create an account on our page: everybody, who was invited by the command <c>accounts invite</c>, or nobody. Default <see cref="RegistrationMode.Open"/>.</summary>
    public RegistrationMode Registration { get; set; } = RegistrationMode.Open;

    /// <summary><c>invitation_lifetime</c>: how long the link of an invitation works, once. Default 7 days; from 1 hour to 90 days.</summary>
    public TimeSpan InvitationLifetime { get; set; } = TimeSpan.FromDays(7);

    internal static readonly TimeSpan MaxInvitationLifetime = TimeSpan.FromDays(90);

    /// <summary>
    /// <c>require_confirmed_email</c>: an account with a mail address signs in only after its owner has proved the address, and our page does
    /// not tell whether an address is taken. Default true. Without mail (section <c>Mail</c>) nobody could prove one, and it has no effect.
    /// </summary>
    public bool RequireConfirmedEmail { get; set; } = true;

    /// <summary>
    /// <c>require_argon2</c>: refuse to start when libsodium is missing, instead of hashing new passwords with PBKDF2. Default false.
    /// Set it on every node once Argon2 strings are stored: without the library their owners cannot sign in.
    /// </summary>
    public bool RequireArgon2 { get; set; }

    /// <summary>
    /// <c>password_hashing_workers</c>: how many passwords are hashed at once, each with 19 MiB. Default 0: half of the processors, at
    /// least one, so that a storm of sign-ins leaves the other half to tokens. At most 64. Counts for each node.
    /// </summary>
    public int PasswordHashingWorkers { get; set; }

    /// <summary>
    /// <c>password_hashing_queue</c>: how many may wait for a worker before people are asked to come back. Default 50 for each worker
    /// (0), some 1.5 seconds of waiting; at most 10,000. Counts for each node.
    /// </summary>
    public int PasswordHashingQueue { get; set; }

    /// <summary>
    /// <c>password_range_service</c>: where new passwords are looked up among those of breaches, such as
    /// <c>https://api.pwnedpasswords.com/range/</c>. Not set, nobody is asked. The first five of the forty hexadecimal digits of the password's
    /// SHA-1 hash are added to the address, and nothing else leaves the server. Without an answer within <c>Outbound:timeout</c> the password
    /// passes and a warning is logged. https to a public address, unless <c>Outbound:allow_private_addresses</c>.
    /// </summary>
    public string? PasswordRangeService { get; set; }

    /// <summary>
    /// <c>failures_before_pause</c>: wrong passwords in a row after which an account pauses, one minute first and twice as long with
    /// every further one, up to a day. Default 10; from 3 to 50. At 100 in a row it stays closed until an operator resets it
    /// (NIST SP 800-63B-4 §3.2.2).
    /// </summary>
    public int FailuresBeforePause { get; set; } = 10;

    /// <summary>
    /// <c>editable_claims</c>: which claims of OIDC Core §5.1 people change on their account page: <c>name</c>, <c>given_name</c>,
    /// <c>family_name</c>, <c>middle_name</c>, <c>nickname</c>, <c>profile</c>, <c>picture</c>, <c>website</c>, <c>gender</c>,
    /// <c>birthdate</c>, <c>zoneinfo</c>, <c>address</c>. Default: the first three and <c>nickname</c>. Empty where names come from elsewhere.
    /// </summary>
    public IReadOnlyList<string> EditableClaims { get; set; } = ["name", "given_name", "family_name", "nickname"];

    /// <summary><c>allow_closing</c>: whether people can delete and disable their own account. Default true.</summary>
    public bool AllowClosing { get; set; } = true;

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Registration))
        {
            yield return "Accounts:registration must be open, invitation or closed.";
        }

        if (InvitationLifetime < TimeSpan.FromHours(1) || InvitationLifetime > MaxInvitationLifetime)
        {
            yield return "Accounts:invitation_lifetime must be from 3600 to 7776000 seconds.";
        }

        foreach (var claim in EditableClaims.Except(ProfileClaims.All, StringComparer.Ordinal))
        {
            yield return $"Accounts:editable_claims: {claim} is not one of {string.Join(", ", ProfileClaims.All)}.";
        }

        if (RequireArgon2 && !Argon2PasswordHasher.IsArgon2Available)
        {
            yield return "Accounts:require_argon2 is set, but libsodium was not found (Debian package libsodium23).";
        }

        if (PasswordHashingWorkers is < 0 or > 64)
        {
            yield return "Accounts:password_hashing_workers must be from 0 to 64.";
        }

        if (PasswordHashingQueue is < 0 or > 10_000)
        {
            yield return "Accounts:password_hashing_queue must be from 0 to 10000.";
        }

        if (PasswordRangeService is { } service
            && (!Uri.TryCreate(service, UriKind.Absolute, out var address)
                || address.Scheme is not ("https" or "http")
                || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0))
        {
            yield return "Accounts:password_range_service must be an https address without user information, query and fragment.";
        }

        if (FailuresBeforePause is < 3 or > 50)
        {
            yield return "Accounts:failures_before_pause must be from 3 to 50.";
        }
    }
}

/// <summary>Who may create accounts.</summary>
public enum RegistrationMode
{
    /// <summary>Anybody, on our page.</summary>
    Open,

    /// <summary>Who was invited by mail.</summary>
    Invitation,

    /// <summary>Operators only; <c>prompt=create</c> leads to the sign-in page.</summary>
    Closed,
}
