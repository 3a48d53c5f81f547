using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// Software statements: RFC 7591 §2.3 and §3.1.1. Believed only of the one issuer the operator named; without one every statement is
/// refused, because to ignore it would be to register something else than was attested.
/// </summary>
public sealed class SoftwareStatements(TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>Claims about the statement itself: RFC 7519 §4.1.</summary>
    private static readonly string[] AboutItself = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "software_statement"];

    private static readonly JwtReadRules Rules = new(SigningAlgorithm.All, ["JWT"]) { AllowsMissingType = true };

    private readonly JsonWebKeySet? _keys = Parse(options.Value.Registration);

    /// <summary>
    /// The document with what the statement says over it: "values conveyed in the software statement MUST take precedence" (§2.3).
    /// <c>invalid_software_statement</c>, <c>unapproved_software_statement</c>, or <c>invalid_client_metadata</c> when it is no text.
    /// </summary>
    internal Result<IReadOnlyDictionary<string, JsonElement>> Apply(IReadOnlyDictionary<string, JsonElement> document)
    {
        if (!document.TryGetValue("software_statement", out var member) || member.ValueKind is not JsonValueKind.String)
        {
            // Another type than text is told with the other members.
            return Result.Of(document);
        }

        var statement = member.GetString()!;
        if (JwtPeek.Find(statement) is not { } peek || string.Equals(peek.UnverifiedAlgorithm, "none", StringComparison.OrdinalIgnoreCase))
        {
            return Invalid("it is no signed JWT");
        }

        var issuer = options.Value.Registration.SoftwareStatementIssuer;
        if (_keys is null || !string.Equals(peek.UnverifiedIssuer, issuer, StringComparison.Ordinal))
        {
            return new OAuthError(
                ErrorCodes.UnapprovedSoftwareStatement,
                "Software statements of this issuer are not accepted here.",
                "software statement of " + (peek.UnverifiedIssuer ?? "nobody"));
        }

        var read = JwtReader.Read(statement, _keys, Rules);
        if (!read.Succeeded)
        {
            return Invalid(read.Reason);
        }

        return FindTimeProblem(read.Jwt) is { } problem ? Invalid(problem) : Result.Of(Merge(document, read.Jwt.Payload));
    }

    /// <summary>A statement need not end; one that says when is held to it.</summary>
    private string? FindTimeProblem(Jwt statement)
    {
        var (now, skew) = (clock.GetUtcNow(), options.Value.Tokens.ClockSkew);
        if ((statement.Has("exp") && statement.ExpiresAt is null) || statement.ExpiresAt + skew <= now)
        {
            return "it has expired";
        }

        return (statement.Has("nbf") && statement.NotBefore is null) || statement.NotBefore - skew > now ? "it is not valid yet" : null;
    }

    private static IReadOnlyDictionary<string, JsonElement> Merge(IReadOnlyDictionary<string, JsonElement> document, JsonElement claims)
    {
        var merged = new Dictionary<string, JsonElement>(document, StringComparer.Ordinal);
        foreach (var claim in claims.EnumerateObject().Where(claim => !AboutItself.Contains(claim.Name, StringComparer.Ordinal)))
        {
            merged[claim.Name] = claim.Value;
        }

        return merged;
    }

    private static OAuthError Invalid(string reason) =>
        new(ErrorCodes.InvalidSoftwareStatement, "The software statement is not valid.", "software statement: " + reason);

    private static JsonWebKeySet? Parse(RegistrationOptions settings) =>
        settings is { SoftwareStatementIssuer: not null, SoftwareStatementJwks: { } keys }
            && JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(keys.ToJsonString()), strict: true, out var set, out _)
            ? set
            : null;
}
