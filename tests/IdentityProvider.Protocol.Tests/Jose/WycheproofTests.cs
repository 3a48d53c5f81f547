using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;
using Xunit.Abstractions;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>
/// C2SP Wycheproof, the four JOSE files, every vector. Policy: a vector applies when its keys are RSA or EC and for signing; then
/// <c>valid</c> must verify and everything else must not (<c>acceptable</c> counts as invalid: what is optional to accept we refuse).
/// A vector that does not apply (HMAC, encryption) must be refused whatever its result says.
/// </summary>
public sealed class WycheproofTests(ITestOutputHelper output)
{
    private const string Applies = "applies";

    private readonly List<string> _deviations = [];
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    [VectorFact]
    [Case(139)]
    [Case(140)]
    [Case(149)]
    [Case(155)]
    [Case(169)]
    public void Signatures() => Run("json_web_signature_test.json", tests: 401, applying: 361);

    [VectorFact]
    [Case(146)]
    [Case(163)]
    [Case(169)]
    public void Keys() => Run("json_web_key_test.json", tests: 26, applying: 12);

    [VectorFact]
    [Case(169)]
    public void Cryptography() => Run("json_web_crypto_test.json", tests: 83, applying: 30);

    [VectorFact]
    [Case(158)]
    [Case(169)]
    public void Encryption() => Run("json_web_encryption_test.json", tests: 139, applying: 0);

    [VectorFact]
    [Case(163)]
    public void Key_made_by_the_roca_generator_is_recognised_as_such()
    {
        using var document = Vectors.Read(Path.Combine("wycheproof", "json_web_key_test.json"));
        var group = document.RootElement.GetProperty("testGroups").EnumerateArray()
            .Single(item => string.Equals(item.GetProperty("comment").GetString(), "jws_rsa_roca_key", StringComparison.Ordinal));

        Assert.False(JsonWebKey.TryParse(group.GetProperty("public").GetProperty("keys")[0], out _, out var reason));
        Assert.Contains("ROCA", reason, StringComparison.Ordinal);
    }

    private void Run(string file, int tests, int applying)
    {
        using var document = Vectors.Read(Path.Combine("wycheproof", file));
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                Judge(group, test);
            }
        }

        var total = _counts.Values.Sum();
        output.WriteLine($"{file}: {total} vectors, {_counts.GetValueOrDefault(Applies)} apply, {_deviations.Count} deviations");
        foreach (var (reason, count) in _counts)
        {
            output.WriteLine($"  {count,4} {reason}");
        }

        _deviations.ForEach(output.WriteLine);
        Assert.Empty(_deviations);
        Assert.Equal(tests, total);
        Assert.Equal(applying, _counts.GetValueOrDefault(Applies));
    }

    private void Judge(JsonElement group, JsonElement test)
    {
        var document = group.TryGetProperty("public", out var key) ? key : group.GetProperty("private");
        var token = test.TryGetProperty("jws", out var jws) ? jws : test.GetProperty("jwe");
        var reason = FindReason(document, test);
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;

        var expected = string.Equals(reason, Applies, StringComparison.Ordinal)
            && string.Equals(test.GetProperty("result").GetString(), "valid", StringComparison.Ordinal);
        var actual = Verifies(Corrected(document, test), token.ValueKind == JsonValueKind.String ? token.GetString()! : token.GetRawText());
        if (expected != actual)
        {
            _deviations.Add($"tcId {test.GetProperty("tcId").GetInt32()} {test.GetProperty("comment").GetString()}: expected {expected}, was {actual}");
        }
    }

    private static string FindReason(JsonElement key, JsonElement test)
    {
        if (test.TryGetProperty("jwe", out _))
        {
            return "refused: encryption (JWE) is not supported";
        }

        var keys = key.TryGetProperty("keys", out var set) ? [.. set.EnumerateArray()] : new[] { key };
        return keys.All(item => string.Equals(item.GetProperty("kty").GetString(), "oct", StringComparison.Ordinal))
            ? "refused: symmetric signatures (HS256, HS384, HS512) are not supported"
            : Applies;
    }

    private static bool Verifies(string document, string token)
    {
        var utf8 = Encoding.UTF8.GetBytes(document);
        if (!JsonWebKeySet.TryParse(utf8, strict: true, out var keys, out _))
        {
            if (!JsonWebKey.TryParse(utf8, out var key, out _))
            {
                return false;
            }

            keys = new JsonWebKeySet([key]);
        }

        return TestTokens.VerifiesAsJws(token, keys, TestTokens.AnyType);
    }

    // Two slips of the vectors, both in keys taken from RFC 7520 §3, which have no alg at all: "ES521" is no registered algorithm (the
    // signature is ES512), and figure 20 is signed with PS384 by a key labelled PS256.
    private static string Corrected(JsonElement key, JsonElement test) => test.GetProperty("comment").GetString() switch
    {
        "Figure27" => key.GetRawText().Replace("ES521", "ES512", StringComparison.Ordinal),
        "Figure20" => key.GetRawText().Replace("PS256", "PS384", StringComparison.Ordinal),
        _ => key.GetRawText(),
    };
}
