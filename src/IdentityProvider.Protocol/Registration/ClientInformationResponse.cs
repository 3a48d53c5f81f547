using System.Globalization;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Protocol.Registration;

/// <summary>All registered metadata of a client, with its credentials: RFC 7591 §3.2.1, RFC 7592 §3, OIDC Registration §3.2.</summary>
/// <param name="Client">As registered.</param>
/// <param name="IssuedAt">Of its id.</param>
/// <param name="ConfigurationUri"><c>registration_client_uri</c>.</param>
/// <param name="AccessToken"><c>registration_access_token</c>: the new one, or the one that was presented.</param>
/// <param name="Secret">The secret, where it was made just now; we keep no secret that could be told again.</param>
public sealed record ClientInformationResponse(
    Client Client, DateTimeOffset IssuedAt, string ConfigurationUri, string AccessToken, string? Secret)
{
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("client_id", Client.ClientId);
        json.WriteNumber("client_id_issued_at", IssuedAt.ToUnixTimeSeconds());
        Write(json, "client_secret", Secret);
        if (Client.Secrets.Count > 0)
        {
            // RFC 7591 §3.2.1: 0 never expires.
            json.WriteNumber("client_secret_expires_at", Client.Secrets[0].ExpiresAt?.ToUnixTimeSeconds() ?? 0);
        }

        json.WriteString("registration_client_uri", ConfigurationUri);
        json.WriteString("registration_access_token", AccessToken);
        WriteForPeople(json);
        WriteFlows(json);
        WriteKeys(json);
        WriteSessions(json);
        json.WriteEndObject();
    }

    private void WriteForPeople(Utf8JsonWriter json)
    {
        Write(json, "client_name", Client.ClientName);
        Write(json, "client_uri", Client.ClientUri);
        Write(json, "logo_uri", Client.LogoUri);
        Write(json, "policy_uri", Client.PolicyUri);
        Write(json, "tos_uri", Client.TosUri);
        foreach (var text in Client.LocalizedTexts)
        {
            json.WriteString(string.Create(CultureInfo.InvariantCulture, $"{text.Member}#{text.Language}"), text.Value);
        }

        Write(json, "contacts", Client.Contacts);
        Write(json, "software_id", Client.SoftwareId);
        Write(json, "software_version", Client.SoftwareVersion);
        Write(json, "software_statement", Client.SoftwareStatement);
        Write(json, "initiate_login_uri", Client.InitiateLoginUri);
    }

    private void WriteFlows(Utf8JsonWriter json)
    {
        json.WriteString("application_type", Client.ApplicationType);
        Write(json, "redirect_uris", Client.RedirectUris);
        WriteAlways(json, "grant_types", Client.GrantTypes);
        WriteAlways(json, "response_types", Client.ResponseTypes);
        json.WriteString("scope", Client.Scope.ToString());
        json.WriteString("token_endpoint_auth_method", Client.TokenEndpointAuthMethod);
        Write(json, "token_endpoint_auth_signing_alg", Client.TokenEndpointAuthSigningAlg);
        Write(json, "request_uris", Client.RequestUris);
        Write(json, "request_object_signing_alg", Client.RequestObjectSigningAlg);
        if (Client.DefaultMaxAge is { } maxAge)
        {
            json.WriteNumber("default_max_age", (long)maxAge.TotalSeconds);
        }

        json.WriteBoolean("require_auth_time", Client.RequireAuthTime);
        Write(json, "default_acr_values", Client.DefaultAcrValues);
    }

    private void WriteKeys(Utf8JsonWriter json)
    {
        if (Client.Jwks is { } jwks)
        {
            json.WritePropertyName("jwks");
            json.WriteRawValue(jwks);
        }

        Write(json, "jwks_uri", Client.JwksUri);
        Write(json, "id_token_signed_response_alg", Client.EffectiveIdTokenAlg);
        Write(json, "userinfo_signed_response_alg", Client.UserinfoSignedResponseAlg);
        json.WriteString("subject_type", Client.IsPairwise ? SubjectTypes.Pairwise : SubjectTypes.Public);
        Write(json, "sector_identifier_uri", Client.SectorIdentifierUri);
    }

    private void WriteSessions(Utf8JsonWriter json)
    {
        Write(json, "post_logout_redirect_uris", Client.PostLogoutRedirectUris);
        if (Client.BackchannelLogoutUri is { } back)
        {
            json.WriteString("backchannel_logout_uri", back);
            json.WriteBoolean("backchannel_logout_session_required", Client.BackchannelLogoutSessionRequired);
        }

        if (Client.FrontchannelLogoutUri is { } front)
        {
            json.WriteString("frontchannel_logout_uri", front);
            json.WriteBoolean("frontchannel_logout_session_required", Client.FrontchannelLogoutSessionRequired);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            WriteAlways(json, name, values);
        }
    }

    private static void WriteAlways(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
