using System.Text.Json;
using IdentityProvider.Protocol.Tests.Jose;
using IdentityProvider.ResourceServer.Jose;
using Xunit.Abstractions;

namespace IdentityProvider.ResourceServer.Tests.Jose;

/// <summary>Signatures of the Wycheproof project, where its vectors are present.</summary>
public sealed class WycheproofTests(ITestOutputHelper output)
{
    [VectorFact]
    public void Signature_vectors_are_judged_as_published()
    {
        using var document = Vectors.Read("wycheproof/json_web_signature_test.json");
        var judged = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            var key = group.TryGetProperty("public", out var jwk) ? JsonWebKey.TryRead(jwk) : null;
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var verdict = Verdict(key, test.GetProperty("jws"));
                var published = test.GetProperty("result").GetString()!;
                var line = $"{published}: {verdict}";
                judged[line] = judged.GetValueOrDefault(line) + 1;
                if (verdict is "accepted" ? published is "invalid" : published is "valid" && verdict is "bad signature")
                {
                    wrong.Add($"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {line}");
                }
            }
        }

        foreach (var (line, count) in judged)
        {
            output.WriteLine($"{count,4} {line}");
        }

        Assert.Empty(wrong);
        Assert.True(judged["valid: accepted"] >= 20);
    }

    /// <summary>"accepted", "bad signature", or the reason why this reader does not get as far as a signature.</summary>
    private static string Verdict(VerificationKey? key, JsonElement jws)
    {
        if (jws.ValueKind != JsonValueKind.String)
        {
            return "not compact serialization";
        }

        if (!SignedToken.TryParse(jws.GetString()!, out var token, out var problem))
        {
            return problem;
        }

        if (key is null)
        {
            return "no usable public key (symmetric, weak, or of another use)";
        }

        if (!string.Equals(token.KeyId, key.Id, StringComparison.Ordinal))
        {
            return "kid of another key";
        }

        // The RFC 7520 vectors call a PS384 signature by a key marked PS256 good; RFC 8725 §3.1 asks for more.
        if (!string.Equals(token.Algorithm, key.Algorithm.Name, StringComparison.Ordinal))
        {
            Assert.False(token.IsSignedBy(key));
            return "the key is for another algorithm";
        }

        return token.IsSignedBy(key) ? "accepted" : "bad signature";
    }
}
