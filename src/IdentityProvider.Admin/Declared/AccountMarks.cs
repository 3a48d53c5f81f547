namespace IdentityProvider.Admin.Declared;

/// <summary>Kept by Identity beside an account, never sent to anyone.</summary>
public static class AccountMarks
{
    /// <summary>Which environment's configuration declared the account.</summary>
    public const string DeclaredIn = "idp_declared_in";

    /// <summary>The value for Development, whose passwords everybody knows.</summary>
    public const string Development = "Development";
}
