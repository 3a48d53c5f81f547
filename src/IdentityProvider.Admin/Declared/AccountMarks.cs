namespace IdentityProvider.Admin.Declared;

/// <summary>Kept by Identity beside an account, never sent to anyone.</summary>
public static class AccountMarks
{
    /// <summary>Which environment's configuration declared the account.</summary>
    public const string DeclaredIn = "idp_declared_in";

    /// <summary>The value for Development, whose passwords everybody knows.</summary>
    public const string Development = "Development";

    /// <summary>Owner of the tokens that follow.</summary>
    internal const string TokenProvider = "idp_declared";

    /// <summary>A hash of the password that was declared last: the account's own may be another one by now.</summary>
    internal const string PasswordToken = "password";

    /// <summary>What was declared last of what the person can change as well: <see cref="DeclaredProfile"/>.</summary>
    internal const string ProfileToken = "profile";
}
