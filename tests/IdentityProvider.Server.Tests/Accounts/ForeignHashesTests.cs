using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Tests.Accounts;

public sealed class ForeignHashesTests
{
    private const string Password = "correct horse battery staple";

    private readonly Argon2PasswordHasher _hasher = new();

    /// <summary>Made with Python's hashlib and crypt; the first is a vector of jBCrypt.</summary>
    public static TheoryData<string, string> Vectors => new()
    {
        { "abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i" },
        { Password, "$2b$06$If6bvum7DFjUnE9p2uDeDuM2Ja3l8H5DpojoO7/VgERnALaPd8cxy" },
        { Password, "$pbkdf2-sha256$29000$AAECAwQFBgcICQoLDA0ODw$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY" },
        { Password, "$pbkdf2-sha512$25000$AAECAwQFBgcICQoLDA0ODw$SD45rjg2efG3ODIHQeklcrq1rgpKrbMw16UwshxvBWLgNENeDWMvNiO.Lj6BUMRx4V/sPJndUTpKWVbG79Akig" },
        { Password, "pbkdf2_sha256$60000$seasalt2$UpKx4QCGOLCTMsTFF44L4snzsj67SjyQ4veEP9sk8eA=" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Strings_of_other_systems_verify_and_are_to_be_replaced(string password, string hash)
    {
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(new Account(), hash, password));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(new Account(), hash, password + "x"));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(new Account(), hash, string.Empty));
    }

    [Theory]
    [InlineData("$2b$31$If6bvum7DFjUnE9p2uDeDuM2Ja3l8H5DpojoO7/VgERnALaPd8cxy")]
    [InlineData("$2b$06$If6bvum7DFjUnE9p2uDeDu")]
    [InlineData("$pbkdf2-sha256$2147483647$AAECAwQFBgcICQoLDA0ODw$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY")]
    [InlineData("$pbkdf2-sha256$0$AAECAwQFBgcICQoLDA0ODw$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY")]
    [InlineData("$pbkdf2-sha256$29000$%%%$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY")]
    [InlineData("$pbkdf2-sha256$29000$AAECAwQFBgcICQoLDA0ODw$")]
    [InlineData("$1$salt$plain")]
    public void Strings_that_cost_too_much_or_are_broken_never_match(string hash) =>
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(new Account(), hash, Password));

    [Fact]
    public void A_password_with_a_nul_is_not_cut_short_by_crypt() =>
        Assert.Equal(
            PasswordVerificationResult.Failed,
            _hasher.VerifyHashedPassword(new Account(), "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", "abc\0def"));
}
