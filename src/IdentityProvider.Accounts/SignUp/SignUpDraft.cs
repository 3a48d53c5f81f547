namespace IdentityProvider.Accounts.SignUp;

/// <summary>An account to be created.</summary>
public sealed record SignUpDraft
{
    /// <summary>The account's id, chosen now, so that creating it twice is creating it once.</summary>
    public required string AccountId { get; init; }

    public required string Email { get; init; }

    public required string PasswordHash { get; init; }

    /// <summary>What to call the person; null when they did not say.</summary>
    public string? Name { get; init; }

    /// <summary>When the person asked.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>For the audit trail.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Language of the page, for the mail; null: English.</summary>
    public string? Language { get; init; }
}
