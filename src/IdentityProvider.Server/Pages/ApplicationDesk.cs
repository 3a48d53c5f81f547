using IdentityProvider.Accounts.Activity;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// The clients with access to an account: those the person consented to, and those that need no consent and hold a grant that stands.
/// </summary>
internal sealed class ApplicationDesk(ConsentDesk consents, IAccountActivity activity, TimeTexts times, TimeProvider clock)
{
    /// <summary>The last used first. Two reads.</summary>
    public async Task<IReadOnlyList<ApplicationLine>> ListAsync(string subject, CancellationToken cancellationToken) =>
        [.. (await FindAsync(subject, cancellationToken)).OrderByDescending(access => access.LastUsedAt ?? access.Since).Select(LineOf)];

    /// <summary>Takes back consent and grants. False when the client has no access.</summary>
    public async Task<bool> TryWithdrawAsync(Session session, string? clientId, string? remoteAddress, CancellationToken cancellationToken)
    {
        var all = await FindAsync(session.Subject, cancellationToken);
        if (all.Find(access => string.Equals(access.ClientId, clientId, StringComparison.Ordinal)) is not { } access)
        {
            return false;
        }

        await consents.WithdrawAsync(session, access.ClientId, remoteAddress, cancellationToken);
        return true;
    }

    private async Task<List<Access>> FindAsync(string subject, CancellationToken cancellationToken)
    {
        var given = await consents.ListAsync(subject, cancellationToken);
        var uses = await activity.ListClientsAsync(subject, clock.GetUtcNow(), cancellationToken);
        var byClient = uses.ToDictionary(use => use.ClientId, StringComparer.Ordinal);
        var consented = given.Select(consent => AccessOf(consent, byClient.GetValueOrDefault(consent.ClientId))).ToList();
        var ids = consented.Select(access => access.ClientId).ToHashSet(StringComparer.Ordinal);
        var others = uses.Where(use => use.IsStanding && !ids.Contains(use.ClientId))
            .Select(use => new Access(use.ClientId, use.Scope, use.Since, use.LastUsedAt));
        return [.. consented, .. others];
    }

    private static Access AccessOf(Consent consent, ClientUse? use) => new(
        consent.ClientId,
        use is null ? consent.Scope : consent.Scope.Union(use.Scope),
        consent.CreatedAt,
        use?.LastUsedAt);

    private ApplicationLine LineOf(Access access)
    {
        var client = consents.Catalog.FindClient(access.ClientId);
        var tile = client is null
            ? new ClientTile(access.ClientId, ClientTile.InitialsOf(access.ClientId), Logo: null, Host: null)
            : ClientTile.Of(client, consents.Issuer);
        var scopes = string.Join(" · ", consents.TextsOf(access.Scope).Select(scope => scope.Title));
        return new ApplicationLine(
            access.ClientId, tile, scopes, times.Ago(access.Since), access.LastUsedAt is { } lastUsed ? times.Ago(lastUsed) : null);
    }

    private sealed record Access(string ClientId, ScopeSet Scope, DateTimeOffset Since, DateTimeOffset? LastUsedAt);
}

/// <summary>One client with access.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Tile">How it is shown.</param>
/// <param name="Scopes">What it may do, in words.</param>
/// <param name="Since">When it was allowed.</param>
/// <param name="LastUsed">When it last got tokens; null when that is longer ago than grants are kept.</param>
internal sealed record ApplicationLine(string ClientId, ClientTile Tile, string Scopes, string Since, string? LastUsed);
