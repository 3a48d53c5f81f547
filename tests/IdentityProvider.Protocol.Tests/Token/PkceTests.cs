using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class PkceTests
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    [Case(67)]
    [Clause("RFC 7636", "4.6", "If the code_challenge_method ... was S256 ... BASE64URL-ENCODE(SHA256(ASCII(code_verifier))) == code_challenge")]
    public void Example_of_appendix_b_matches()
    {
        Assert.True(Pkce.IsChallenge(Challenge));
        Assert.True(Pkce.Matches(Challenge, Verifier));
    }

    [Theory]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]
    [InlineData("DBJFTJEZ4CVP-MB92K27UHBUJU1P1R_WW1GFWFOEJXK")]
    [InlineData(Challenge)]
    public void Another_verifier_does_not(string verifier) => Assert.False(Pkce.Matches(Challenge, verifier));

    [Theory]
    [Case(64)]
    [Clause("RFC 7636", "4.1", "code-verifier = 43*128unreserved")]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void Verifier_has_43_to_128_characters(int length, bool accepted)
    {
        var verifier = new string('v', length);

        Assert.Equal(accepted, Pkce.Matches(InMemory.Engine.Challenge(verifier), verifier));
    }

    [Theory]
    [Case(64)]
    [InlineData('-', true)]
    [InlineData('.', true)]
    [InlineData('_', true)]
    [InlineData('~', true)]
    [InlineData('+', false)]
    [InlineData('/', false)]
    [InlineData('=', false)]
    [InlineData(' ', false)]
    [InlineData('%', false)]
    [InlineData('\0', false)]
    public void Verifier_has_unreserved_characters_only(char letter, bool accepted)
    {
        var verifier = new string(letter, 43);

        Assert.Equal(accepted, Pkce.Matches(InMemory.Engine.Challenge(verifier), verifier));
    }

    [Fact]
    public void Letters_outside_ascii_are_not_read_as_question_marks() =>
        Assert.False(Pkce.Matches(InMemory.Engine.Challenge(new string('?', 43)), new string('é', 43)));
}
