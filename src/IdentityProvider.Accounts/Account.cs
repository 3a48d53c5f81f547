using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts;

/// <summary>A person's account: the ASP.NET Core Identity user, with what OIDC Core §5.1 and our own rules add.</summary>
public sealed class Account : IdentityUser<string>
{
    /// <summary>An account without a name yet; for Entity Framework and for <see cref="Create"/>.</summary>
    public Account() => Id = Guid.CreateVersion7().ToString("N");

    /// <summary>
    /// A disabled account signs in nowhere, and its tokens are withdrawn. Set through <see cref="IAccountStateStore"/>, never by saving
    /// the entity, for what hangs on the account must end in the same transaction.
    /// </summary>
    public bool Disabled { get; set; }

    /// <summary>When it was disabled; null while it is enabled.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Whether this account needs two factors, whatever the settings say.</summary>
    public bool RequiresSecondFactor { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Last change of what <c>updated_at</c> speaks of (OIDC Core §5.1): name, mail address, telephone, <see cref="Claims"/>.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When the person last proved who they are; null before the first time.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>
    /// A JSON object of profile claims by registered name (<c>name</c>, <c>given_name</c>, <c>picture</c>, <c>address</c> ...), null when
    /// there are none. What Identity keeps in columns (<c>email</c>, <c>phone_number</c>, <c>preferred_username</c>) is not repeated here.
    /// </summary>
    public string? Claims { get; set; }

    /// <summary>A security stamp that none had before.</summary>
    public static string NewStamp() => Guid.NewGuid().ToString("N");

    /// <summary>A new account: its id is a version 7 UUID of <paramref name="now"/>, so that rows are appended in order of time.</summary>
    /// <param name="userName">What the person signs in with.</param>
    /// <param name="email">Mail address, not yet confirmed; null when there is none.</param>
    /// <param name="now">Time of creation.</param>
    public static Account Create(string userName, string? email, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now).ToString("N"),
        UserName = userName,
        Email = email,
        CreatedAt = now,
        UpdatedAt = now,
    };
}
