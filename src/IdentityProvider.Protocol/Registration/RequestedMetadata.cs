using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// What a client asks to be registered with: RFC 7591 §2, OIDC Registration §2, the logout specifications. Members we do not know are ignored
/// (RFC 7591 §2), and what only the operator may set has no name here.
/// </summary>
/// <param name="Client">With the defaults of RFC 7591 §2; id, secrets and what the policy gives are not filled in.</param>
/// <param name="AsksForScope">Whether <c>scope</c> was sent.</param>
/// <param name="Problems">Members of the wrong type.</param>
internal sealed record RequestedMetadata(Client Client, bool AsksForScope, IReadOnlyList<ClientProblem> Problems)
{
    public static RequestedMetadata Read(IReadOnlyDictionary<string, JsonElement> document)
    {
        var members = new MetadataMembers(document);
        var scope = members.Text("scope");
        var grantTypes = members.Texts("grant_types") ?? [GrantTypeNames.AuthorizationCode];
        var client = new Client
        {
            ClientId = string.Empty,
            ClientName = members.Text("client_name"),
            ClientUri = members.Text("client_uri"),
            LogoUri = members.Text("logo_uri"),
            PolicyUri = members.Text("policy_uri"),
            TosUri = members.Text("tos_uri"),
            Contacts = members.Texts("contacts") ?? [],
            LocalizedTexts = [.. ReadLocalized(members)],
            SoftwareId = members.Text("software_id"),
            SoftwareVersion = members.Text("software_version"),
            InitiateLoginUri = members.Text("initiate_login_uri"),
            RedirectUris = members.Texts("redirect_uris") ?? [],
            PostLogoutRedirectUris = members.Texts("post_logout_redirect_uris") ?? [],
            BackchannelLogoutUri = members.Text("backchannel_logout_uri"),
            BackchannelLogoutSessionRequired = members.Flag("backchannel_logout_session_required"),
            FrontchannelLogoutUri = members.Text("frontchannel_logout_uri"),
            FrontchannelLogoutSessionRequired = members.Flag("frontchannel_logout_session_required"),
            GrantTypes = grantTypes,
            ResponseTypes = members.Texts("response_types") ?? (grantTypes.Contains(GrantTypeNames.AuthorizationCode, StringComparer.Ordinal) ? ["code"] : []),
            TokenEndpointAuthMethod = members.Text("token_endpoint_auth_method") ?? ClientAuthenticationMethods.ClientSecretBasic,
            TokenEndpointAuthSigningAlg = members.Text("token_endpoint_auth_signing_alg"),
            ApplicationType = members.Text("application_type") ?? "web",
            Scope = ScopeSet.TryParse(scope) ?? ScopeSet.Empty,
            Jwks = members.Object("jwks"),
            JwksUri = members.Text("jwks_uri"),
            IdTokenSignedResponseAlg = members.Text("id_token_signed_response_alg"),
            UserinfoSignedResponseAlg = members.Text("userinfo_signed_response_alg"),
            RequestObjectSigningAlg = members.Text("request_object_signing_alg"),
            RequestUris = members.Texts("request_uris") ?? [],
            SubjectType = members.Text("subject_type") ?? SubjectTypes.Public,
            SectorIdentifierUri = members.Text("sector_identifier_uri"),
            DefaultMaxAge = members.Seconds("default_max_age"),
            RequireAuthTime = members.Flag("require_auth_time"),
            DefaultAcrValues = members.Texts("default_acr_values") ?? [],
            SoftwareStatement = members.Text("software_statement"),
            IsSelfRegistered = true,
        };
        var problems = members.Problems;
        return new RequestedMetadata(
            client,
            scope is not null,
            ScopeSet.TryParse(scope) is null ? [.. problems, new ClientProblem("scope", "is malformed (RFC 6749 §3.3).")] : problems);
    }

    /// <summary>RFC 7591 §2.2: the tag follows a number sign. Of members that people do not read nobody wants a translation.</summary>
    private static IEnumerable<LocalizedText> ReadLocalized(MetadataMembers members)
    {
        foreach (var name in members.Names)
        {
            var sign = name.IndexOf('#', StringComparison.Ordinal);
            if (sign > 0
                && LocalizedText.Members.Contains(name[..sign], StringComparer.Ordinal)
                && members.Text(name) is { } value)
            {
                yield return new LocalizedText(name[..sign], name[(sign + 1)..], value);
            }
        }
    }
}
