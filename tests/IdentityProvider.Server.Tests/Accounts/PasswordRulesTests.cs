using IdentityProvider.Accounts.Passwords;

namespace IdentityProvider.Server.Tests.Accounts;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("Zq7#mvB2!pL9&wX")]
    [InlineData("лошадь батарейка")]
    [InlineData("   spaces count   x")]
    [InlineData("🐎🔋📎🧷🌍🌊🌋🌌🌠🌡🌤🌧🌩🌫🌬")]
    [Case(272)]
    public void Fifteen_characters_of_any_kind_are_enough(string password) => Assert.Null(PasswordRules.FindProblem(password));

    [Theory]
    [InlineData("")]
    [InlineData("fourteen chars")]
    [InlineData("🐎🐎🐎🐎🐎🐎🐎🐎")]
    [Case(272)]
    public void Characters_are_counted_and_not_units(string password) =>
        Assert.Equal(PasswordProblem.TooShort, PasswordRules.FindProblem(password));

    [Fact]
    [Case(271)]
    public void More_than_256_are_refused_without_a_closer_look()
    {
        Assert.Null(PasswordRules.FindProblem(string.Concat(Enumerable.Range(0, 256).Select(i => (char)('a' + (i % 26))))));
        Assert.Equal(PasswordProblem.TooLong, PasswordRules.FindProblem(new string('x', 1_000_000)));
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("abababababababababab")]
    [InlineData("passwordpassword")]
    [InlineData("Password12345678")]
    [InlineData("qwertyuiop1234567890")]
    [InlineData("identityprovider1")]
    [InlineData("IdentityProvider!!")]
    [Case(272)]
    public void Common_words_and_repetitions_are_refused(string password) =>
        Assert.Equal(PasswordProblem.TooCommon, PasswordRules.FindProblem(password));

    [Theory]
    [InlineData("alexandra.petrova1", "Alexandra Petrova")]
    [InlineData("AlexandraPetrova!!", "Alexandra Petrova")]
    [InlineData("alexandra@example.com", "alexandra@example.com")]
    [Case(272)]
    public void The_persons_own_name_is_refused(string password, string name) =>
        Assert.Equal(PasswordProblem.LikeName, PasswordRules.FindProblem(password, name));

    [Theory]
    [InlineData("sunshine")]
    [InlineData("Football1!")]
    [InlineData("iloveyouiloveyou")]
    [InlineData("123Superman456789")]
    [Case(272)]
    public void Passwords_of_the_shipped_list_are_refused_with_what_people_put_around_them(string password) =>
        Assert.Equal(PasswordProblem.TooCommon, PasswordRules.FindProblem(password, PasswordRules.MinLengthWithSecondFactor));

    [Theory]
    [InlineData("vK7 qpx!")]
    [InlineData("horse battery")]
    public void Eight_characters_are_enough_beside_a_second_factor_and_some_words_stay_good(string password)
    {
        Assert.Null(PasswordRules.FindProblem(password, PasswordRules.MinLengthWithSecondFactor));
        Assert.Equal(PasswordProblem.TooShort, PasswordRules.FindProblem(password));
    }

    [Fact]
    public void It_does_not_matter_how_a_letter_was_composed()
    {
        Assert.Equal(PasswordProblem.TooShort, PasswordRules.FindProblem(string.Concat(Enumerable.Repeat("e\u0301a", 7))));
        Assert.Equal(PasswordText.Normalize("caf\u00e9"), PasswordText.Normalize("cafe\u0301"));
        Assert.Equal("\ud800", PasswordText.Normalize("\ud800"));
    }

    [Fact]
    public void A_name_inside_a_good_password_does_no_harm() =>
        Assert.Null(PasswordRules.FindProblem("alexandra likes seventeen marmots", "Alexandra Petrova"));
}
