using System.Text.Json;
using IdentityProvider.ResourceServer.Issuer;
using IdentityProvider.ResourceServer.Jose;
using IdentityProvider.ResourceServer.Status;
using Microsoft.Extensions.Logging;
using static IdentityProvider.ResourceServer.Tokens.AccessTokenOutcome;

namespace IdentityProvider.ResourceServer.Tokens;

/// <summary>Decides whether an access token is good for this API: RFC 9068 §4, then Token Status List §8.3.</summary>
internal sealed class AccessTokenValidator : IDisposable
{
    // RFC 9068 §2.2: the claims every JWT access token has; aud, exp and iat are looked at by value below.
    private static readonly string[] RequiredTexts = ["sub", "client_id", "jti"];

    private readonly ResourceServerOptions _options;
    private readonly TimeProvider _time;
    private readonly IssuerClient _client;
    private readonly IssuerKeys _keys;
    private readonly StatusLists _statusLists;

    public AccessTokenValidator(ResourceServerOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _client = new IssuerClient(options.IssuerHttpHandler, options.IssuerTimeout);
        _keys = new IssuerKeys(options, _client, time, logger);
        _statusLists = new StatusLists(options, _client, _keys, time, logger);
    }

    public async ValueTask<AccessTokenOutcome> ValidateAsync(string text, CancellationToken cancellationToken)
    {
        // Before any work: size, form, and what kind of token this claims to be.
        if (text.Length > _options.MaximumTokenLength)
        {
            return new Refused("too long");
        }

        if (!SignedToken.TryParse(text, out var token, out var problem))
        {
            return new Refused(problem);
        }

        // §4: typ is at+jwt or application/at+jwt. An ID token or a logout token is none, whoever signed it.
        if (!string.Equals(token.Type, "at+jwt", StringComparison.Ordinal))
        {
            return new Refused("typ is not at+jwt");
        }

        // §4: the signature, by a key from the issuer's metadata and with that key's algorithm.
        var lookup = await _keys.FindAsync(token.KeyId, cancellationToken);
        if (lookup is KeyLookup.Unavailable)
        {
            return new Undecided("keys of the issuer are not available");
        }

        if (lookup is not KeyLookup.Found { Key: var key })
        {
            return new Refused("signed by an unknown key");
        }

        if (!token.IsSignedBy(key) || !token.TryReadClaims(out var claims))
        {
            return new Refused("signature, algorithm or payload is not good");
        }

        return FindProblem(claims) is { } reason ? new Refused(reason) : await CheckStatusAsync(claims, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private string? FindProblem(JsonElement claims)
    {
        // §4: iss is exactly our issuer; aud holds this API.
        if (!string.Equals(claims.FindString("iss"), _options.Authority, StringComparison.Ordinal))
        {
            return "iss is another issuer";
        }

        if (!IsForUs(claims))
        {
            return "aud does not hold this API";
        }

        // §4: exp; RFC 7519 §4.1.5 and §4.1.6 for nbf and iat.
        var now = _time.GetUtcNow();
        if (claims.FindTime("exp") is not { } expiresAt || now >= expiresAt + _options.ClockSkew)
        {
            return "expired, or without exp";
        }

        if (claims.FindTime("iat") is not { } issuedAt || issuedAt > now + _options.ClockSkew)
        {
            return "iat is missing or in the future";
        }

        if (claims.TryGetProperty("nbf", out _)
            && (claims.FindTime("nbf") is not { } notBefore || notBefore > now + _options.ClockSkew))
        {
            return "not yet valid";
        }

        if (RequiredTexts.FirstOrDefault(name => claims.FindString(name) is null) is { } missing)
        {
            return $"{missing} is missing";
        }

        if (claims.TryGetProperty("scope", out var scope) && scope.ValueKind != JsonValueKind.String)
        {
            return "scope is not a string";
        }

        // A bound token proves nothing as a bearer token (RFC 9449 §7.2, RFC 8705 §3); this package knows no proofs.
        return claims.TryGetProperty("cnf", out _) ? "bound to a key, sent as bearer token" : null;
    }

    private bool IsForUs(JsonElement claims) => claims.TryGetProperty("aud", out var audience)
        && audience.ValueKind switch
        {
            JsonValueKind.String => audience.ValueEquals(_options.Audience),
            JsonValueKind.Array => audience.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String)
                && audience.EnumerateArray().Any(one => one.ValueEquals(_options.Audience)),
            _ => false,
        };

    private async ValueTask<AccessTokenOutcome> CheckStatusAsync(JsonElement claims, CancellationToken cancellationToken)
    {
        if (!_options.CheckStatus)
        {
            return new Accepted(claims);
        }

        if (!StatusReference.TryRead(claims, out var reference))
        {
            return new Refused("status is not a reference to a status list");
        }

        var answer = reference is null
            ? StatusAnswer.Valid
            : await _statusLists.FindAsync(reference, cancellationToken);
        return answer switch
        {
            StatusAnswer.Valid => new Accepted(claims),
            StatusAnswer.NotValid => new Refused("withdrawn: the status list says so"),
            StatusAnswer.BadReference => new Refused("status list is of another origin or has no such index"),
            _ when _options.AcceptTokensOfUnknownStatus => new Accepted(claims),
            _ => new Undecided("status list is not available"),
        };
    }
}
