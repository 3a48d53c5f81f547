using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Upstream;

/// <summary>Proves to a provider that we are its client: RFC 6749 §2.3, RFC 7523 §2.2.</summary>
internal sealed class UpstreamAuthentication(TimeProvider clock)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, SigningCredential> _keys = new(StringComparer.Ordinal);

    /// <summary>Adds what authenticates us to the request or its form.</summary>
    public void Apply(UpstreamProvider provider, HttpRequestMessage request, Dictionary<string, string> form)
    {
        switch (provider.TokenEndpointAuthMethod)
        {
            case ClientAuthenticationMethods.ClientSecretBasic:
                // RFC 6749 §2.3.1: both parts are form-encoded first.
                var credentials = $"{Uri.EscapeDataString(provider.ClientId)}:{Uri.EscapeDataString(provider.ClientSecret!)}";
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(credentials)));
                return;
            case ClientAuthenticationMethods.ClientSecretPost:
                form[ParameterNames.ClientSecret] = provider.ClientSecret!;
                break;
            case ClientAuthenticationMethods.PrivateKeyJwt:
                form[ParameterNames.ClientAssertionType] = JwtBearer;
                form[ParameterNames.ClientAssertion] = Assertion(provider);
                break;
        }

        form[ParameterNames.ClientId] = provider.ClientId;
    }

    // The audience is the issuer alone, so that no other provider could use it there (RFC 7523 §3 item 3).
    private string Assertion(UpstreamProvider provider) => JwtWriter.Write(
        _keys.GetOrAdd(provider.Id, _ => provider.ReadPrivateKey()),
        "JWT",
        (provider, Now: clock.GetUtcNow()),
        static (json, state) => WriteClaims(json, state.provider, state.Now));

    private static void WriteClaims(Utf8JsonWriter json, UpstreamProvider provider, DateTimeOffset now)
    {
        json.WriteString("iss", provider.ClientId);
        json.WriteString("sub", provider.ClientId);
        json.WriteString("aud", provider.Issuer);
        json.WriteString("jti", Guid.NewGuid());
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteNumber("exp", (now + AssertionLifetime).ToUnixTimeSeconds());
    }
}
