using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Tests.Accounts;

public sealed class Argon2PasswordHasherTests
{
    private const string Password = "correct horse battery staple";

    /// <summary>From the reference implementation's own tests: version 1.3, two passes, 64 MiB, "password" and "somesalt".</summary>
    private const string ReferenceString = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private readonly Argon2PasswordHasher _hasher = new();
    private readonly Account _account = new();

    [Fact]
    public void New_passwords_are_argon2id_with_19_MiB_two_passes_and_one_lane()
    {
        var hash = _hasher.HashPassword(_account, Password);

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash, StringComparison.Ordinal);
        Assert.NotEqual(hash, _hasher.HashPassword(_account, Password));
    }

    [Theory]
    [InlineData(Password, PasswordVerificationResult.Success)]
    [InlineData("correct horse battery stapl", PasswordVerificationResult.Failed)]
    [InlineData("correct horse battery staplE", PasswordVerificationResult.Failed)]
    [InlineData("", PasswordVerificationResult.Failed)]
    public void Only_the_password_itself_verifies(string attempt, PasswordVerificationResult expected) =>
        Assert.Equal(expected, _hasher.VerifyHashedPassword(_account, _hasher.HashPassword(_account, Password), attempt));

    [Fact]
    public void Passwords_of_any_script_verify()
    {
        const string Cyrillic = "лошадь батарейка скрепка 🐎";

        Assert.Equal(
            PasswordVerificationResult.Success,
            _hasher.VerifyHashedPassword(_account, _hasher.HashPassword(_account, Cyrillic), Cyrillic));
    }

    [Fact]
    public void Strings_of_the_reference_implementation_verify_and_are_replaced() =>
        Assert.Equal(
            PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(_account, ReferenceString, "password"));

    [Fact]
    public void Strings_of_Identity_verify_and_are_replaced()
    {
        var stored = new PasswordHasher<Account>().HashPassword(_account, Password);

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(_account, stored, Password));
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(_account, stored, Password + "."));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("$argon2id$")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA")]
    [InlineData("AQ==")]
    public void What_is_no_hash_verifies_nothing(string stored) =>
        Assert.Equal(PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(_account, stored, "password"));

    [Fact]
    public void An_overlong_string_verifies_nothing() =>
        Assert.Equal(
            PasswordVerificationResult.Failed, _hasher.VerifyHashedPassword(_account, "$argon2id$" + new string('A', 100_000), "password"));

    [Fact]
    public void Without_the_library_PBKDF2_with_210000_iterations_takes_its_place()
    {
        var without = new Argon2PasswordHasher(hasArgon2: false);

        var hash = without.HashPassword(_account, Password);

        // Identity's format 3: a byte, the PRF (2: HMAC-SHA512), the iterations.
        var bytes = Convert.FromBase64String(hash);
        Assert.Equal([1, 0, 0, 0, 2], bytes[..5]);
        Assert.Equal(210_000, (bytes[5] << 24) | (bytes[6] << 16) | (bytes[7] << 8) | bytes[8]);
        Assert.Equal(PasswordVerificationResult.Success, without.VerifyHashedPassword(_account, hash, Password));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, _hasher.VerifyHashedPassword(_account, hash, Password));
        Assert.Equal(PasswordVerificationResult.Failed, without.VerifyHashedPassword(_account, ReferenceString, "password"));
    }

    [Fact]
    public void Requiring_argon2_is_a_problem_only_when_it_is_missing() =>
        Assert.Equal(!Argon2PasswordHasher.IsArgon2Available, new AccountsOptions { RequireArgon2 = true }.Validate().Any());
}
