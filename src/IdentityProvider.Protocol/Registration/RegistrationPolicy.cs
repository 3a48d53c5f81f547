using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Outbound;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// What a client that nobody here knows may have, beside the rules for all clients: RFC 7591 §5, OIDC Registration §2, RFC 8252 §7.
/// Grant types, response types and scopes beyond it are left out, as RFC 7591 §3.2.1 allows; the answer tells what was registered.
/// </summary>
public sealed class RegistrationPolicy(ICatalogStore catalog, IOptions<ProtocolOptions> options)
{
    private RegistrationOptions Settings => options.Value.Registration;

    /// <summary>The client cut to what it may have.</summary>
    /// <param name="client">As asked for.</param>
    /// <param name="asksForScope">False: it gets every scope it may have.</param>
    internal Client Cut(Client client, bool asksForScope)
    {
        IReadOnlyList<string> grantTypes = [.. client.GrantTypes.Where(value => Settings.AllowedGrantTypes.Contains(value, StringComparer.Ordinal))];
        var usesCode = grantTypes.Contains(GrantTypeNames.AuthorizationCode, StringComparer.Ordinal);
        var actsForPeople = usesCode || grantTypes.Contains(GrantTypeNames.DeviceCode, StringComparer.Ordinal);
        if (!actsForPeople)
        {
            grantTypes = [.. grantTypes.Where(value => value is not GrantTypeNames.RefreshToken)];
        }

        var refreshes = grantTypes.Contains(GrantTypeNames.RefreshToken, StringComparer.Ordinal);
        var scope = ScopeSet.Of(Settings.AllowedScopes.Where(name =>
            catalog.Current.FindScope(name) is not null
            && (!asksForScope || client.Scope.Contains(name))
            && (refreshes || name is not ScopeNames.OfflineAccess)
            && (actsForPeople || name is not ScopeNames.OpenId)));
        return client with
        {
            GrantTypes = grantTypes,
            ResponseTypes = usesCode ? [.. client.ResponseTypes.Where(value => value is "code")] : [],
            Scope = scope,
            RequireConsent = true,
            AllowRequestsWithoutPkce = Settings.AllowRequestsWithoutPkce && !client.IsPublic && scope.Contains(ScopeNames.OpenId),
        };
    }

    /// <summary>Every problem that only strangers have.</summary>
    /// <param name="asked">As asked for.</param>
    /// <param name="cut">The same, cut to what it may have.</param>
    internal IEnumerable<ClientProblem> Validate(Client asked, Client cut)
    {
        if (cut.GrantTypes.Count == 0)
        {
            yield return new("grant_types", $"has none that such a client may have: {string.Join(", ", Settings.AllowedGrantTypes)}.");
        }

        if (asked.Scope.Count > 0 && cut.Scope.Count == 0)
        {
            yield return new("scope", $"has none that such a client may have: {string.Join(' ', Settings.AllowedScopes)}.");
        }

        foreach (var (member, uris) in new[]
        {
            ("redirect_uris", cut.RedirectUris),
            ("post_logout_redirect_uris", cut.PostLogoutRedirectUris),
        })
        {
            // OIDC Registration §2: web clients use https and no localhost. Loopback is for native ones (RFC 8252 §7.3).
            if (cut.ApplicationType is "web" && uris.Any(uri => !IsWebRedirect(uri)))
            {
                yield return new(member, "must be https, and no loopback address, for application_type web.");
            }
        }

        if (options.Value.Outbound.AllowPrivateAddresses)
        {
            yield break;
        }

        foreach (var (member, address) in AddressesWeAsk(cut).Where(asked => !PublicHost.IsAt(asked.Address)))
        {
            yield return new(member, $"{ClientUriRules.Printable(address)} is no https address on the public internet.");
        }
    }

    private static bool IsWebRedirect(string uri) =>
        uri.StartsWith("https:", StringComparison.Ordinal)
        && Uri.TryCreate(uri, UriKind.Absolute, out var parsed)
        && !parsed.IsLoopback;

    /// <summary>What we would fetch, post to or send people to on a stranger's word.</summary>
    private static IEnumerable<(string Member, string Address)> AddressesWeAsk(Client client)
    {
        (string Member, string? Address)[] single =
        [
            ("logo_uri", client.LogoUri),
            ("jwks_uri", client.JwksUri),
            ("sector_identifier_uri", client.SectorIdentifierUri),
            ("initiate_login_uri", client.InitiateLoginUri),
            ("backchannel_logout_uri", client.BackchannelLogoutUri),
        ];
        return single.Where(pair => pair.Address is not null).Select(pair => (pair.Member, pair.Address!))
            .Concat(client.RequestUris.Select(uri => ("request_uris", uri)))
            .Concat(client.LocalizedTexts.Where(text => text.Member is "logo_uri").Select(text => ("logo_uri", text.Value)));
    }
}
