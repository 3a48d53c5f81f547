using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts.SecondFactors;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory]
    [InlineData(59, "94287082", "46119246", "90693936")]
    [InlineData(1111111109, "07081804", "68084774", "25091201")]
    [InlineData(1111111111, "14050471", "67062674", "99943326")]
    [InlineData(1234567890, "89005924", "91819424", "93441116")]
    [InlineData(2000000000, "69279037", "90698825", "38618901")]
    [InlineData(20000000000, "65353130", "77737706", "47863826")]
    [Clause("RFC 6238", "4.2", "TOTP is the HOTP value of the number of time steps since T0.")]
    public void Codes_are_those_of_appendix_B(long seconds, string sha1, string sha256, string sha512)
    {
        var step = Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds));

        Assert.Equal(sha1, Totp.Compute(Secret, step, digits: 8));
        Assert.Equal(sha256, Totp.Compute(SecretOf(32), step, digits: 8, HashAlgorithmName.SHA256));
        Assert.Equal(sha512, Totp.Compute(SecretOf(64), step, digits: 8, HashAlgorithmName.SHA512));
    }

    [Theory]
    [InlineData(-61, false)]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(31, true)]
    [InlineData(60, false)]
    [InlineData(61, false)]
    [Clause("RFC 6238", "5.2", "RECOMMENDED that at most one time step is allowed as the network delay.")]
    [Case(311)]
    [Case(407)]
    public void A_code_is_taken_one_step_early_or_late_and_no_more(int seconds, bool isTaken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_010);
        var code = Totp.Compute(Secret, Totp.StepOf(now.AddSeconds(seconds)));

        Assert.Equal(isTaken, Totp.FindStep(Secret, code, now) is not null);
    }

    [Theory]
    [InlineData("287 082", true)]
    [InlineData(" 287-082 ", true)]
    [InlineData("94287082", false)]
    [InlineData("28708", false)]
    [InlineData("28708२", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Groups_are_forgiven_and_everything_else_is_wrong(string? typed, bool isTaken) =>
        Assert.Equal(isTaken, Totp.FindStep(Secret, typed, DateTimeOffset.FromUnixTimeSeconds(59)) is not null);

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    [Clause("RFC 4648", "10", "Test vectors of base 32.")]
    public void Keys_are_written_in_base32(string text, string expected) => Assert.Equal(expected, Base32.Encode(Encoding.ASCII.GetBytes(text)));

    [Fact]
    [Case(314)]
    public void Recovery_codes_have_eighty_bits_and_are_read_in_any_writing()
    {
        var code = RecoveryCode.NewCode();
        var written = RecoveryCode.HashOf("account", code)!.Value.ToArray();

        Assert.Matches("^([a-z2-7]{4}-){3}[a-z2-7]{4}$", code);
        Assert.NotEqual(code, RecoveryCode.NewCode());
        Assert.Equal(written, RecoveryCode.HashOf("account", " " + code.ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal))!.Value.ToArray());
        Assert.NotEqual(written, RecoveryCode.HashOf("other", code)!.Value.ToArray());
        Assert.Null(RecoveryCode.HashOf("account", code[..^1]));
        Assert.Null(RecoveryCode.HashOf("account", code[..^1] + "1"));
    }

    private static byte[] SecretOf(int length) => [.. Enumerable.Range(0, length).Select(i => Secret[i % Secret.Length])];
}
