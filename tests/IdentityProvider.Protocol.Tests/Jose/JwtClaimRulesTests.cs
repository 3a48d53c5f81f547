using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Jose;

public sealed class JwtClaimRulesTests
{
    private const long Seconds = 1_700_000_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(Seconds);

    private readonly SigningCredential _credential = TestCredentials.Es256;

    [Theory]
    [Case(164)]
    [Clause("RFC 8725", "3.8", "Validate Issuer and Subject")]
    [InlineData("\"https://id.example\"", true)]
    [InlineData("\"https://id.example/\"", false)]
    [InlineData("\"https://ID.example\"", false)]
    [InlineData("\"https://id.example/tenant\"", false)]
    [InlineData("\"http://id.example\"", false)]
    [InlineData("\"\"", false)]
    [InlineData(null, false)]
    public void Issuer_is_compared_character_by_character(string? issuer, bool accepted) =>
        Check(new JwtClaimRules { Issuer = "https://id.example", RequiresExpiry = false }, issuer is null ? "{}" : $$"""{"iss":{{issuer}}}""", accepted);

    [Theory]
    [Case(164)]
    [Clause("RFC 7519", "4.1.3", "If the principal processing the claim does not identify itself with a value in the \"aud\" claim when this claim is present, then the JWT MUST be rejected.")]
    [InlineData("\"us\"", true, true)]
    [InlineData("[\"us\"]", true, true)]
    [InlineData("[\"others\",\"us\"]", true, false)]
    [InlineData("[\"us\",\"us\"]", true, false)]
    [InlineData("[\"others\"]", false, false)]
    [InlineData("\"US\"", false, false)]
    [InlineData("\"us/\"", false, false)]
    [InlineData("[]", false, false)]
    [InlineData(null, false, false)]
    public void Audience_names_us_and_where_asked_nobody_else(string? audience, bool accepted, bool acceptedAsSole)
    {
        var payload = audience is null ? "{}" : $$"""{"aud":{{audience}}}""";

        Check(new JwtClaimRules { Audiences = ["us", "also us"], RequiresExpiry = false }, payload, accepted);
        Check(new JwtClaimRules { Audiences = ["us", "also us"], RequiresExpiry = false, RequiresSoleAudience = true }, payload, acceptedAsSole);
    }

    [Theory]
    [Case(164)]
    [InlineData("""{"sub":"client","jti":"1"}""", true)]
    [InlineData("""{"sub":"client"}""", false)]
    [InlineData("""{"sub":"client","jti":""}""", false)]
    [InlineData("""{"jti":"1"}""", false)]
    [InlineData("""{"sub":"","jti":"1"}""", false)]
    [InlineData("""{"sub":"Client","jti":"1"}""", false)]
    public void Subject_and_id_are_there_where_asked(string payload, bool accepted) =>
        Check(new JwtClaimRules { Subject = "client", RequiresSubject = true, RequiresId = true, RequiresExpiry = false }, payload, accepted);

    [Fact]
    public void Any_subject_may_be_asked_for()
    {
        Check(new JwtClaimRules { RequiresSubject = true, RequiresExpiry = false }, """{"sub":"anyone"}""", accepted: true);
        Check(new JwtClaimRules { RequiresSubject = true, RequiresExpiry = false }, """{"sub":""}""", accepted: false);
        Check(new JwtClaimRules { RequiresSubject = true, RequiresExpiry = false }, "{}", accepted: false);
    }

    [Theory]
    [Clause("RFC 7519", "4.1.4", "on or after which the JWT MUST NOT be accepted for processing")]
    [InlineData("""{"exp":{0}}""", -29, true)]
    [InlineData("""{"exp":{0}}""", -30, false)]
    [InlineData("""{"exp":{0}}""", -31, false)]
    [InlineData("""{"exp":{0}}""", 1, true)]
    [InlineData("""{"exp":{0}}""", 630, true)]
    [InlineData("""{"exp":{0}}""", 631, false)]
    [InlineData("""{}""", 0, false)]
    [InlineData("""{"exp":1800000000,"exp2":1}""", 0, false)]
    [InlineData("""{"exp":1700000100,"nbf":{0}}""", 30, true)]
    [InlineData("""{"exp":1700000100,"nbf":{0}}""", 31, false)]
    [InlineData("""{"exp":1700000100,"iat":{0}}""", 30, true)]
    [InlineData("""{"exp":1700000100,"iat":{0}}""", 31, false)]
    [InlineData("""{"exp":0}""", 0, false)]
    public void Times_are_kept_within_the_skew(string payload, int offset, bool accepted) =>
        Check(
            new JwtClaimRules { MaximumLifetime = TimeSpan.FromMinutes(10) },
            payload.Replace("{0}", (Seconds + offset).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal),
            accepted);

    [Theory]
    [InlineData(-90, true)]
    [InlineData(-91, false)]
    [InlineData(null, false)]
    public void Age_is_bounded_where_asked(int? offset, bool accepted) =>
        Check(
            new JwtClaimRules { MaximumAge = TimeSpan.FromSeconds(60), RequiresExpiry = false },
            offset is null ? "{}" : $$"""{"iat":{{Seconds + offset}}}""",
            accepted);

    [Fact]
    public void Expiry_counts_even_where_it_is_not_required() =>
        Check(new JwtClaimRules { RequiresExpiry = false }, """{"exp":1}""", accepted: false);

    private void Check(JwtClaimRules rules, string payload, bool accepted)
    {
        var token = TestTokens.Sign(_credential, """{"alg":"ES256"}""", payload);
        var jwt = JwtReader.Read(token, new JsonWebKeySet([_credential.PublicJwk]), TestTokens.AnyType).Jwt!;

        Assert.Equal(accepted, rules.FindProblem(jwt, Now) is null);
    }
}
