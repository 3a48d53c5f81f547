using System.Collections.Concurrent;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>One key per algorithm for all tests that only need some key: making an RSA key takes long, so it is an RFC's.</summary>
internal static class TestCredentials
{
    private static readonly ConcurrentDictionary<string, Lazy<SigningCredential>> Made = new(StringComparer.Ordinal);

    public static SigningCredential Rs256 => For("RS256");

    public static SigningCredential Es256 => For("ES256");

    public static SigningCredential For(string algorithm) =>
        Made.GetOrAdd(algorithm, static name => new Lazy<SigningCredential>(() => Make(SigningAlgorithm.Find(name)!))).Value;

    private static SigningCredential Make(SigningAlgorithm algorithm) => algorithm.Curve is null
        ? SigningCredential.ImportJwk(algorithm, TestTokens.ParseKey(RfcExamples.RsaKey))
        : SigningCredential.Create(algorithm);
}
