namespace IdentityProvider.Protocol.EndSession;

/// <summary>A request to sign out while our page asks the person. Nothing is stored: it travels sealed in the page's address.</summary>
public sealed record PendingSignOut
{
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who asks; null when the request did not say. Known and enabled when it was sealed.</summary>
    public string? ClientId { get; init; }

    /// <summary>A registered address of that client (§3); null when the person stays with us.</summary>
    public string? PostLogoutRedirectUri { get; init; }

    public string? State { get; init; }

    /// <summary>The <c>sid</c> of a genuine hint; null when there was none.</summary>
    public string? HintSessionId { get; init; }
}
