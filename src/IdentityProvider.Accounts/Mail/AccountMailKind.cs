namespace IdentityProvider.Accounts.Mail;

/// <summary>The mails there are. Stored by name: renaming one loses what is queued.</summary>
public enum AccountMailKind
{
    /// <summary>"Confirm your address": a link that is made when it is sent.</summary>
    EmailVerification,

    /// <summary>"Confirm your new address", to the new one: a link that is made when it is sent, for <see cref="MailOrder.Subject"/>.</summary>
    EmailChangeConfirmation,

    /// <summary>"Choose a new password": a link that is made when it is sent.</summary>
    PasswordReset,

    /// <summary>"Somebody guesses your password": a link that ends the pause, made when it is sent.</summary>
    AccountPaused,

    /// <summary>"You are invited": <see cref="MailOrder.Link"/> of the caller.</summary>
    Invitation,

    /// <summary>A stranger tried to register with an address that has an account.</summary>
    AlreadyRegistered,

    /// <summary>A link and a code to sign in with: <see cref="MailOrder.Link"/>, <see cref="MailOrder.Code"/>.</summary>
    SignInLink,

    /// <summary>A code to sign in with: <see cref="MailOrder.Code"/>.</summary>
    SignInCode,

    /// <summary>Told afterwards: the password was changed, on the account page or by a mailed link.</summary>
    PasswordChanged,

    /// <summary>Told afterwards, to the old address and the new one, which is <see cref="MailOrder.Subject"/>.</summary>
    EmailChanged,

    /// <summary>Told afterwards: a passkey of the name <see cref="MailOrder.Subject"/>.</summary>
    PasskeyAdded,

    PasskeyRemoved,

    /// <summary>
    /// Told afterwards: a sign-in with a passkey of the name <see cref="MailOrder.Subject"/> was refused, for its counter says that there may be a copy.
    /// </summary>
    PasskeySuspected,

    /// <summary>Told afterwards: an authenticator app or another second factor, named in <see cref="MailOrder.Subject"/>.</summary>
    SecondFactorAdded,

    SecondFactorRemoved,

    /// <summary>Told afterwards: new recovery codes were made; the old ones are void.</summary>
    RecoveryCodesMade,

    RecoveryCodeUsed,

    /// <summary>Told afterwards: a sign-in on a device not seen before, named in <see cref="MailOrder.Subject"/>.</summary>
    NewDevice,

    /// <summary>Told afterwards: an account elsewhere, named in <see cref="MailOrder.Subject"/>, can sign in here now.</summary>
    ProviderLinked,

    ProviderUnlinked,

    /// <summary>Told afterwards: all data of the account was downloaded.</summary>
    DataExported,

    /// <summary>Told afterwards: the person disabled the account.</summary>
    AccountDisabled,

    /// <summary>Told afterwards, for the last time.</summary>
    AccountDeleted,
}

public static class AccountMailKinds
{
    /// <summary>
    /// Whether it is told afterwards, also when the account is disabled or gone by then. A list of those that are: what makes something possible must
    /// not be among them for want of a thought.
    /// </summary>
    public static bool IsNotice(this AccountMailKind kind) => kind is
        AccountMailKind.PasswordChanged or AccountMailKind.EmailChanged
        or AccountMailKind.PasskeyAdded or AccountMailKind.PasskeyRemoved or AccountMailKind.PasskeySuspected
        or AccountMailKind.SecondFactorAdded or AccountMailKind.SecondFactorRemoved
        or AccountMailKind.RecoveryCodesMade or AccountMailKind.RecoveryCodeUsed or AccountMailKind.NewDevice
        or AccountMailKind.ProviderLinked or AccountMailKind.ProviderUnlinked
        or AccountMailKind.DataExported or AccountMailKind.AccountDisabled or AccountMailKind.AccountDeleted;
}
