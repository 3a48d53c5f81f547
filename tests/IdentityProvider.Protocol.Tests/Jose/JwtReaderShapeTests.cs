using System.Buffers.Text;
using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

/// <summary>What a token may look like. All tokens here are signed by the right key, so only the rule in question can refuse them.</summary>
public sealed class JwtReaderShapeTests
{
    private const string Header = """{"alg":"ES256","typ":"JWT"}""";
    private const string Payload = """{"sub":"alice"}""";

    private readonly SigningCredential _credential = TestCredentials.Es256;
    private readonly JsonWebKeySet _keys;

    public JwtReaderShapeTests() => _keys = new JsonWebKeySet([_credential.PublicJwk]);

    [Fact]
    public void The_plain_token_of_these_tests_is_accepted() => Assert.Null(Read(Header, Payload).Reason);

    [Theory]
    [Case(149)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a")]
    [InlineData("{h}.{p}")]
    [InlineData("{h}.{p}.")]
    [InlineData("{h}..{s}")]
    [InlineData(".{p}.{s}")]
    [InlineData("{h}.{p}.{s}.")]
    [InlineData(".{h}.{p}.{s}")]
    [InlineData("{h}.{p}.{p}.{s}")]
    [InlineData("{h}.{p}.{p}.{p}.{s}")]
    [InlineData("{h}.{p}.{p}.{p}.{p}.{s}")]
    [InlineData(" {h}.{p}.{s}")]
    [InlineData("{h}.{p}.{s}\n")]
    [InlineData("{h} .{p}.{s}")]
    [InlineData("{h}.{p}.{s}=")]
    [InlineData("{h}.{p}.{s}==")]
    [InlineData("{h}.{p}.\u00e9{s}")]
    [InlineData("{\"payload\":\"{p}\",\"protected\":\"{h}\",\"signature\":\"{s}\"}")]
    [InlineData("{\"payload\":\"{p}\",\"signatures\":[{\"protected\":\"{h}\",\"signature\":\"{s}\"}]}")]
    public void Only_three_parts_of_strict_base64url_are_a_token(string shape)
    {
        var parts = TestTokens.Sign(_credential, Header, Payload).Split('.');
        var token = shape.Replace("{h}", parts[0], StringComparison.Ordinal)
            .Replace("{p}", parts[1], StringComparison.Ordinal)
            .Replace("{s}", parts[2], StringComparison.Ordinal);

        Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(token, _keys, TestTokens.AnyType).Refusal);
    }

    [Fact]
    [Clause("RFC 7515", "2", "Base64url Encoding: with all trailing '=' characters omitted and without line breaks, whitespace, or other additional characters.")]
    public void Signature_has_one_spelling()
    {
        // 64 octets are 85 characters and a third: the last character holds four unused bits, which must be zero.
        var token = TestTokens.Sign(_credential, Header, Payload);
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = Alphabet.IndexOf(token[^1], StringComparison.Ordinal);

        Assert.Equal(0, last % 16);
        for (var other = 1; other < 16; other++)
        {
            Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(token[..^1] + Alphabet[last + other], _keys, TestTokens.AnyType).Refusal);
        }
    }

    [Theory]
    [InlineData("+")]
    [InlineData("/")]
    [InlineData("=")]
    [InlineData(" ")]
    [InlineData("\r\n")]
    [InlineData("%3D")]
    public void Characters_outside_the_alphabet_are_refused_in_every_part(string stranger)
    {
        var parts = TestTokens.Sign(_credential, Header, Payload).Split('.');
        for (var i = 0; i < 3; i++)
        {
            var altered = parts.ToArray();
            altered[i] = altered[i][..4] + stranger + altered[i][4..];

            Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(string.Join('.', altered), _keys, TestTokens.AnyType).Refusal);
        }
    }

    [Theory]
    [Case(151)]
    [Clause("RFC 7519", "4", "The Claim Names within a JWT Claims Set MUST be unique.")]
    [InlineData("""{"alg":"ES256","alg":"ES256"}""", Payload)]
    [InlineData("""{"alg":"ES256","\u0061lg":"ES256"}""", Payload)]
    [InlineData("""{"alg":"ES256","typ":"JWT","typ":"at+jwt"}""", Payload)]
    [InlineData("""{"alg":"ES256","x":{"y":1,"y":1}}""", Payload)]
    [InlineData(Header, """{"sub":"alice","sub":"bob"}""")]
    [InlineData(Header, """{"sub":"alice","sub":"alice"}""")]
    [InlineData(Header, """{"sub":"alice","\u0073ub":"bob"}""")]
    [InlineData(Header, """{"sub":"alice","\u0073\u0075\u0062":"bob"}""")]
    [InlineData(Header, """{"cnf":{"jkt":"a","jkt":"b"}}""")]
    [InlineData(Header, """{"a":[{"b":{"c":1,"\u0063":2}}]}""")]
    public void Member_given_twice_is_refused_at_every_level(string header, string payload) =>
        Assert.Equal(JwtRefusal.Malformed, Read(header, payload).Refusal);

    [Theory]
    [Case(152)]
    [InlineData("[]")]
    [InlineData("""["sub","alice"]""")]
    [InlineData("\"alice\"")]
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("""{"sub":"alice"}{}""")]
    [InlineData("""{"sub":"alice"} x""")]
    [InlineData("""{"sub":"alice",}""")]
    [InlineData("""{"sub":"alice"/**/}""")]
    [InlineData("""{'sub':'alice'}""")]
    [InlineData("""{sub:"alice"}""")]
    [InlineData("""{"sub":"al\u0000ice"}""")]
    [InlineData("{\"sub\":\"al\0ice\"}")]
    [InlineData("""{"sub":"\ud800"}""")]
    [InlineData("""{"sub":"\udc00"}""")]
    [InlineData("""{"sub":"\ud800\u0041"}""")]
    [InlineData("""{"sub":"\ud800\ud800"}""")]
    [InlineData("""{"sub":"\udc00\ud800"}""")]
    [InlineData("""{"\ud800":"alice"}""")]
    [InlineData("""{"x":["\uD83d"]}""")]
    [InlineData("""{"sub":"\u12"}""")]
    [InlineData("""{"sub":"\x41"}""")]
    [InlineData("""{"sub":"alice""")]
    [InlineData("""{"x":NaN}""")]
    [InlineData("""{"x":01}""")]
    public void Payload_that_is_not_one_clean_json_object_is_refused(string payload) =>
        Assert.Equal(JwtRefusal.Malformed, Read(Header, payload).Refusal);

    [Theory]
    [Case(152)]
    [InlineData("EFBBBF7B7D", "byte order mark")] // {}
    [InlineData("FEFF007B007D", "not UTF-8")] // UTF-16
    [InlineData("7B0000007D000000", "not well-formed")] // UTF-32
    [InlineData("7B2261223A22FF227D", "not UTF-8")]
    [InlineData("7B2261223A22C080227D", "not UTF-8")] // overlong NUL
    [InlineData("7B2261223A22C0AF227D", "not UTF-8")] // overlong slash
    [InlineData("7B2261223A22EDA080227D", "not UTF-8")] // a surrogate as UTF-8
    [InlineData("7B2261223A22F4908080227D", "not UTF-8")] // beyond U+10FFFF
    [InlineData("7B2261223A22E282227D", "not UTF-8")] // cut short
    public void Payload_that_is_not_clean_utf8_is_refused(string hex, string why)
    {
        var read = JwtReader.Read(TestTokens.Sign(_credential, Header, Convert.FromHexString(hex)), _keys, TestTokens.AnyType);

        Assert.Equal(JwtRefusal.Malformed, read.Refusal);
        Assert.Contains(why, read.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Escapes_that_mean_something_are_kept()
    {
        var read = Read(Header, """{"sub":"\ud83d\ude00 \\u0000 \"\u00e9"}""");

        Assert.Equal("\U0001F600 \\u0000 \"é", read.Jwt!.Subject);
    }

    [Theory]
    [Case(154)]
    [InlineData(10_000)]
    [InlineData(17)]
    public void Deep_nesting_is_refused(int depth)
    {
        var rules = TestTokens.AnyType with { MaximumLength = 1_000_000 };
        var deep = $$"""{"x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";

        Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(TestTokens.Sign(_credential, Header, deep), _keys, rules).Refusal);
        Assert.Equal(
            JwtRefusal.Malformed,
            JwtReader.Read(TestTokens.Sign(_credential, $$"""{"alg":"ES256","x":{{deep}}}""", Payload), _keys, rules).Refusal);
    }

    [Fact]
    public void Nesting_of_sixteen_levels_is_read() =>
        Assert.Null(Read(Header, $$"""{"x":{{new string('[', 15)}}{{new string(']', 15)}}}""").Reason);

    [Fact]
    [Case(154)]
    public void Long_token_is_refused_before_anything_is_made_of_it()
    {
        var token = TestTokens.Sign(_credential, Header, $$"""{"x":"{{new string('x', 1_000_000)}}"}""");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = JwtReader.Read(token, _keys, TestTokens.AnyType);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(JwtRefusal.Malformed, read.Refusal);
        Assert.InRange(allocated, 0, 16 * 1024);
    }

    [Fact]
    public void Length_limit_is_the_callers()
    {
        var token = TestTokens.Sign(_credential, Header, $$"""{"x":"{{new string('x', 20_000)}}"}""");

        Assert.Equal(JwtRefusal.Malformed, JwtReader.Read(token, _keys, TestTokens.AnyType).Refusal);
        Assert.Null(JwtReader.Read(token, _keys, TestTokens.AnyType with { MaximumLength = token.Length }).Reason);
        Assert.NotNull(JwtReader.Read(token, _keys, TestTokens.AnyType with { MaximumLength = token.Length - 1 }).Reason);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"ES256\"")]
    [InlineData("{}")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"alg":256}""")]
    [InlineData("""{"alg":["ES256"]}""")]
    [InlineData("""{"alg":""}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","typ":["JWT"]}""")]
    public void Header_parameter_of_a_wrong_type_is_refused(string header) =>
        Assert.Equal(JwtRefusal.Malformed, Read(header, Payload).Refusal);

    [Fact]
    public void Overlong_kid_is_refused() =>
        Assert.Equal(JwtRefusal.Malformed, Read($$"""{"alg":"ES256","kid":"{{new string('k', 257)}}"}""", Payload).Refusal);

    [Theory]
    [Clause("RFC 7515", "4.1.11", "If any of the listed extension Header Parameters are not understood and supported by the recipient, then the JWS is invalid.")]
    [InlineData("crit", """["exp"]""")]
    [InlineData("crit", "[]")]
    [InlineData("b64", "false")]
    [InlineData("b64", "true")]
    public void Extensions_are_refused(string name, string value) => Refuses_header_parameter(name, value);

    [Theory]
    [Case(142)]
    [InlineData("jku", "\"https://attacker.example/jwks\"")]
    [InlineData("jku", "\"http://127.0.0.1/jwks\"")]
    [InlineData("x5u", "\"http://169.254.169.254/latest/meta-data\"")]
    public void Places_to_fetch_keys_from_are_refused(string name, string value) => Refuses_header_parameter(name, value);

    [Theory]
    [Case(143)]
    [InlineData("x5c", """["MIIB"]""")]
    [InlineData("jwk", "{}")]
    public void Keys_inside_the_token_are_refused(string name, string value) => Refuses_header_parameter(name, value);

    [Theory]
    [Case(160)]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("enc", "\"A128GCM\"")]
    public void Encryption_parameters_are_refused(string name, string value) => Refuses_header_parameter(name, value);

    [Theory]
    [Case(158)]
    [Case(161)]
    [InlineData("""{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647,"p2s":"AAAA"}""")]
    [InlineData("""{"alg":"RSA-OAEP","enc":"A128GCM"}""")]
    [InlineData("""{"alg":"dir","enc":"A128GCM","zip":"DEF"}""")]
    public void Encrypted_token_is_refused_at_its_shape(string header)
    {
        var part = Base64Url.EncodeToString("part"u8);

        Assert.Equal(
            JwtRefusal.Malformed,
            JwtReader.Read($"{TestTokens.Encode(header)}.{part}.{part}.{part}.{part}", _keys, TestTokens.AnyType).Refusal);
        Assert.False(Read(header, Payload).Succeeded);
    }

    [Theory]
    [InlineData("iss", "1")]
    [InlineData("iss", "null")]
    [InlineData("sub", """["alice"]""")]
    [InlineData("jti", "{}")]
    [InlineData("aud", "1")]
    [InlineData("aud", """["a",1]""")]
    [InlineData("aud", """{"a":"b"}""")]
    [InlineData("aud", "null")]
    [InlineData("exp", "\"1700000000\"")]
    [InlineData("exp", "null")]
    [InlineData("exp", "-1")]
    [InlineData("exp", "1e400")]
    [InlineData("exp", "253402300800")]
    [InlineData("exp", "9223372036854775808")]
    [InlineData("nbf", "true")]
    [InlineData("iat", "[1]")]
    [Clause("RFC 7519", "4.1.4", "exp: Its value MUST be a number containing a NumericDate value.")]
    public void Registered_claim_of_a_wrong_type_is_refused(string name, string value) =>
        Assert.Equal(JwtRefusal.Malformed, Read(Header, $$"""{"{{name}}":{{value}}}""").Refusal);

    [Fact]
    public void Fractions_of_a_second_are_read()
    {
        var jwt = Read(Header, """{"exp":1700000000.5,"nbf":0,"iat":1.7e9}""").Jwt!;

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500), jwt.ExpiresAt);
        Assert.Equal(DateTimeOffset.UnixEpoch, jwt.NotBefore);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), jwt.IssuedAt);
    }

    [Fact]
    public void Refusal_repeats_nothing_of_the_token()
    {
        var read = Read("""{"alg":"ES256","kid":"m4rker","typ":"m4rker"}""", """{"sub":"m4rker"}""");

        Assert.DoesNotContain("m4rker", read.Reason, StringComparison.Ordinal);
    }

    private void Refuses_header_parameter(string name, string value)
    {
        var read = Read($$"""{"alg":"ES256","{{name}}":{{value}}}""", Payload);

        Assert.Equal(JwtRefusal.Malformed, read.Refusal);
        Assert.Contains(name, read.Reason, StringComparison.Ordinal);
    }

    private JwtReadResult Read(string header, string payload) =>
        JwtReader.Read(TestTokens.Sign(_credential, header, Encoding.UTF8.GetBytes(payload)), _keys, TestTokens.AnyType);
}
