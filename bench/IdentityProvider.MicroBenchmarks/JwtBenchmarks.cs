using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.MicroBenchmarks;

/// <summary>An access token of ours written and read, each beside its floor: the same signature over the same bytes and nothing else.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByParams, BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
[HideColumns("Error", "RatioSD", "Gen0")]
#pragma warning disable MA0053, CA1852 // the benchmark runner derives from it
public class JwtBenchmarks
#pragma warning restore MA0053, CA1852
{
    private readonly byte[] _signatureBuffer = new byte[512];
    private SigningAlgorithm _algorithm = SigningAlgorithm.RS256;
    private SigningCredential _credential = null!;
    private JsonWebKeySet _keys = null!;
    private JwtReadRules _rules = null!;
    private RSA? _rsa;
    private ECDsa? _ec;
    private string _token = "";
    private byte[] _input = [];
    private byte[] _signature = [];

    [Params("RS256", "PS256", "ES256")]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public void Prepare()
    {
        _algorithm = SigningAlgorithm.Find(Algorithm)!;
        _credential = SigningCredential.Create(_algorithm);
        _keys = new JsonWebKeySet([_credential.PublicJwk]);
        _rules = new JwtReadRules([_algorithm], ["at+jwt"]);
        var pkcs8 = _credential.ExportPkcs8();
        if (string.Equals(_algorithm.KeyType, JsonWebKey.RsaKeyType, StringComparison.Ordinal))
        {
            _rsa = RSA.Create();
            _rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        }
        else
        {
            _ec = ECDsa.Create();
            _ec.ImportPkcs8PrivateKey(pkcs8, out _);
        }

        _token = WriteJwt();
        _input = Encoding.ASCII.GetBytes(_token[.._token.LastIndexOf('.')]);
        _signature = _signatureBuffer[..SignBytes()];
        if (!VerifyBytes() || !ReadJwt().Succeeded)
        {
            throw new InvalidOperationException("The token does not verify.");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _credential.Dispose();
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    [BenchmarkCategory("write"), Benchmark(Baseline = true, Description = "floor: sign the bytes")]
    public int SignBytes()
    {
        var written = 0;
        var done = _rsa is not null
            ? _rsa.TrySignData(_input, _signatureBuffer, _algorithm.Hash, Padding, out written)
            : _ec!.TrySignData(_input, _signatureBuffer, _algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written);
        return done ? written : throw new InvalidOperationException();
    }

    [BenchmarkCategory("write"), Benchmark(Description = "JwtWriter")]
    public string WriteJwt() => JwtWriter.Write(_credential, "at+jwt", "0197d2a6-55b0-7d6c-9a3e-0d8f5a3b2c11", WriteClaims);

    [BenchmarkCategory("read"), Benchmark(Baseline = true, Description = "floor: verify the bytes")]
    public bool VerifyBytes() => _rsa is not null
        ? _rsa.VerifyData(_input, _signature, _algorithm.Hash, Padding)
        : _ec!.VerifyData(_input, _signature, _algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    [BenchmarkCategory("read"), Benchmark(Description = "JwtReader")]
    public JwtReadResult ReadJwt() => JwtReader.Read(_token, _keys, _rules);

    private RSASignaturePadding Padding => Algorithm.StartsWith('R') ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;

    private static void WriteClaims(Utf8JsonWriter json, string subject)
    {
        json.WriteString("iss"u8, "https://id.example.com");
        json.WriteString("sub"u8, subject);
        json.WriteString("aud"u8, "https://api.example.com");
        json.WriteString("client_id"u8, "web-shop");
        json.WriteString("scope"u8, "openid profile orders.read");
        json.WriteNumber("iat"u8, 1_750_000_000);
        json.WriteNumber("exp"u8, 1_750_000_600);
        json.WriteString("jti"u8, "Jt4Yb0pXf3yQ1m2b7kVwRg");
        json.WriteNumber("auth_time"u8, 1_749_999_000);
        json.WriteString("sid"u8, "h0Zb1kqk2m4c8u7x5nQy9A");
        json.WriteStartArray("amr"u8);
        json.WriteStringValue("pwd");
        json.WriteEndArray();
        json.WriteStartObject("status"u8);
        json.WriteStartObject("status_list"u8);
        json.WriteNumber("idx"u8, 412_345);
        json.WriteString("uri"u8, "https://id.example.com/connect/status/1");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
