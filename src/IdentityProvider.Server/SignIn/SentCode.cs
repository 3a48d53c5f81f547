using System.Text.Json.Serialization;
using IdentityProvider.Accounts.Codes;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// A code that was sent, as the browser that asked for it keeps it, sealed: hashes of what was sent and of whom it was sent to. Nothing of it
/// stands in the database but how often it was tried and that it was used.
/// </summary>
internal sealed record SentCode
{
    [JsonPropertyName("i")]
    public required Guid Id { get; init; }

    /// <summary>A name of <see cref="Protocol.Sessions.SignInMethods"/>.</summary>
    [JsonPropertyName("m")]
    public required string Method { get; init; }

    /// <summary>What it is good for; see <see cref="SentCodes"/>.</summary>
    [JsonPropertyName("p")]
    public required string Purpose { get; init; }

    /// <summary>What was typed to ask for it: a name, or a telephone number.</summary>
    [JsonPropertyName("n")]
    public required string Asked { get; init; }

    /// <summary>Hash of the account as it was; random bytes when it was sent to nobody.</summary>
    [JsonPropertyName("a")]
    public required byte[] Account { get; init; }

    [JsonPropertyName("c")]
    public required byte[] Code { get; init; }

    /// <summary>Hash of the link's secret; null when it has no link.</summary>
    [JsonPropertyName("l")]
    public byte[]? Link { get; init; }

    [JsonPropertyName("t")]
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>"Keep me signed in".</summary>
    [JsonPropertyName("r")]
    public bool Remember { get; init; }

    /// <summary>For the link, which does not bear it: the sealed request.</summary>
    [JsonPropertyName("f")]
    public string? Flow { get; init; }

    /// <summary>For the link: a path of ours to go on to.</summary>
    [JsonPropertyName("u")]
    public string? ReturnUrl { get; init; }

    /// <summary>For the link: the level asked for there.</summary>
    [JsonPropertyName("v")]
    public int Level { get; init; }

    [JsonIgnore]
    public DateTimeOffset ExpiresAt => SentAt + OneTimeCode.Lifetime;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SentCode))]
internal sealed partial class SentCodeJson : JsonSerializerContext;
