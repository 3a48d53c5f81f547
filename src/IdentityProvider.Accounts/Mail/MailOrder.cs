namespace IdentityProvider.Accounts.Mail;

/// <summary>
/// A mail to be written when it is sent: to whom, of what kind, and what only the caller knows. Exactly one of <see cref="AccountId"/>,
/// <see cref="TypedName"/> and <see cref="Address"/> says whom it is about; links are made when it is sent and never stand in a database.
/// </summary>
/// <param name="Kind">Which text.</param>
public sealed record MailOrder(AccountMailKind Kind)
{
    /// <summary>The account it is about; the mail goes to its address unless <see cref="Address"/> is set.</summary>
    public string? AccountId { get; init; }

    /// <summary>
    /// A user name or mail address that somebody typed. Looked up when the mail is sent, so that asking costs the same whether there is such
    /// an account; when there is none, nothing is sent.
    /// </summary>
    public string? TypedName { get; init; }

    /// <summary>Where to send it, when not to the account's own address.</summary>
    public string? Address { get; init; }

    /// <summary>A code to be typed somewhere; null when the mail has none.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// Path and query under the issuer that the mail's button leads to, when the caller makes it; with a leading slash. Null for the kinds
    /// whose link is made when the mail is sent.
    /// </summary>
    public string? Link { get; init; }

    /// <summary>Something the text names: a passkey, a device, a new address. Written as text, whatever it holds.</summary>
    public string? Subject { get; init; }

    /// <summary>After this time it is not sent any more; null: as long as the outbox tries.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Language of the person, as a tag; null: the account's own (<c>locale</c>), else English.</summary>
    public string? Language { get; init; }
}
