using System.Text.Json;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Introspection;

/// <summary>RFC 7662 §2.2; <c>auth_time</c> and <c>acr</c> as RFC 9470 §6.2 registers them.</summary>
public sealed record IntrospectionResponse
{
    /// <summary><c>{"active":false}</c> and nothing else.</summary>
    public static IntrospectionResponse Inactive { get; } = new() { Active = false };

    public required bool Active { get; init; }

    public ScopeSet Scope { get; init; } = ScopeSet.Empty;

    public string? ClientId { get; init; }

    /// <summary>How the token is used (RFC 6749 §7.1); null for refresh tokens, which are no credentials for a resource.</summary>
    public string? TokenType { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    public string? Subject { get; init; }

    public IReadOnlyList<string> Audiences { get; init; } = [];

    public string? Issuer { get; init; }

    public string? JwtId { get; init; }

    public DateTimeOffset? AuthTime { get; init; }

    public string? Acr { get; init; }

    public IReadOnlyList<string> Amr { get; init; } = [];

    public string? SessionId { get; init; }

    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteBoolean("active", Active);
        WriteString(json, ClaimNames.Scope, Scope.Count == 0 ? null : Scope.ToString());
        WriteString(json, ClaimNames.ClientId, ClientId);
        WriteString(json, ParameterNames.TokenType, TokenType);
        WriteTime(json, ClaimNames.Expiry, ExpiresAt);
        WriteTime(json, ClaimNames.IssuedAt, IssuedAt);
        WriteString(json, ClaimNames.Subject, Subject);
        if (Audiences is [var only])
        {
            json.WriteString(ClaimNames.Audience, only);
        }
        else
        {
            WriteStrings(json, ClaimNames.Audience, Audiences);
        }

        WriteString(json, ClaimNames.Issuer, Issuer);
        WriteString(json, ClaimNames.JwtId, JwtId);
        WriteTime(json, ClaimNames.AuthTime, AuthTime);
        WriteString(json, ClaimNames.Acr, Acr);
        WriteStrings(json, ClaimNames.Amr, Amr);
        WriteString(json, ClaimNames.SessionId, SessionId);
        json.WriteEndObject();
    }

    private static void WriteString(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? value)
    {
        if (value is { } time)
        {
            json.WriteNumber(name, time.ToUnixTimeSeconds());
        }
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
