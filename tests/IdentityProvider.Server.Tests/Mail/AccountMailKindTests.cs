using IdentityProvider.Accounts.Mail;

namespace IdentityProvider.Server.Tests.Mail;

public sealed class AccountMailKindTests
{
    /// <summary>What makes something possible: it ends with its account, and is not sent to one that is disabled.</summary>
    private static readonly AccountMailKind[] Offers =
    [
        AccountMailKind.EmailVerification, AccountMailKind.EmailChangeConfirmation, AccountMailKind.PasswordReset, AccountMailKind.AccountPaused,
        AccountMailKind.Invitation, AccountMailKind.AlreadyRegistered, AccountMailKind.SignInLink, AccountMailKind.SignInCode,
    ];

    [Fact]
    public void Every_kind_is_either_told_afterwards_or_offers_something() =>
        Assert.Equal(Offers, Enum.GetValues<AccountMailKind>().Where(kind => !kind.IsNotice()));

    [Fact]
    public void A_kind_that_nobody_has_thought_about_is_no_notice() => Assert.False(((AccountMailKind)int.MaxValue).IsNotice());
}
