using System.Globalization;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Consents as people give and withdraw them: the store, what is written down, and scopes in words.</summary>
internal sealed class ConsentDesk(
    IConsentStore consents,
    ICatalogStore catalog,
    IStringLocalizer<PageTexts> texts,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    private static readonly string[] AboutThePerson =
        [ScopeNames.OpenId, ScopeNames.Profile, ScopeNames.Email, ScopeNames.Phone, ScopeNames.Address];

    public string Issuer => options.Value.Issuer;

    public CatalogSnapshot Catalog => catalog.Current;

    public Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellationToken) =>
        consents.ListAsync(subject, cancellationToken);

    public Task AllowAsync(
        Session session, string clientId, ScopeSet scope, string? remoteAddress, CancellationToken cancellationToken) =>
        consents.AllowAsync(
            session.Subject, clientId, scope, EntryOf(AuditEventTypes.ConsentGiven, session, clientId, scope.ToString(), remoteAddress), cancellationToken);

    /// <summary>Ends the client's grants as well; its access tokens are refused as soon as status lists are read again.</summary>
    public Task WithdrawAsync(Session session, string clientId, string? remoteAddress, CancellationToken cancellationToken) =>
        consents.WithdrawAsync(
            session.Subject, clientId, EntryOf(AuditEventTypes.ConsentWithdrawn, session, clientId, detail: null, remoteAddress), cancellationToken);

    /// <summary>
    /// The catalogue's words in the language of the present page, else ours for the standard scopes (OIDC Core §5.4), else the scope itself; who the person is comes first.
    /// </summary>
    public IReadOnlyList<ScopeText> TextsOf(ScopeSet scope)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        return [.. scope.OrderBy(RankOf).Select(name =>
        {
            var known = catalog.Current.FindScope(name);
            var own = texts["Scope." + name];
            return new ScopeText(name, known?.DisplayNameIn(language) ?? (own.ResourceNotFound ? name : own.Value), known?.DescriptionIn(language));
        })];
    }

    private static int RankOf(string scope) => Array.IndexOf(AboutThePerson, scope) is >= 0 and var rank ? rank : AboutThePerson.Length;

    private AuditEvent EntryOf(string type, Session session, string clientId, string? detail, string? remoteAddress) => new()
    {
        Type = type,
        At = clock.GetUtcNow(),
        Subject = session.Subject,
        ClientId = clientId,
        SessionId = session.Id,
        RemoteAddress = remoteAddress,
        Detail = detail is { Length: > 1000 } ? detail[..1000] : detail,
    };
}

/// <summary>A scope in words.</summary>
internal sealed record ScopeText(string Name, string Title, string? Description);
