using System.Text.Json.Nodes;

namespace IdentityProvider.Admin.Declared;

/// <summary>A person's account as files write it: for development and for the first administrator.</summary>
public sealed class DeclaredAccount
{
    /// <summary>Required; what the person signs in with.</summary>
    public string UserName { get; set; } = string.Empty;

    /// <summary>
    /// Set when the account is created and when another one is declared, which also ends all sessions; never otherwise: what the person chose
    /// since stays. Better given outside the file: <c>IdentityProvider__Declared__Accounts__USER__password</c>.
    /// </summary>
    public string? Password { get; set; }

    /// <summary>
    /// Mail address. As the telephone number and each claim, it is set when the account is created and when something else is declared than before;
    /// what the person chose since stays.
    /// </summary>
    public string? Email { get; set; }

    /// <summary>Default false.</summary>
    public bool EmailVerified { get; set; }

    /// <summary>Telephone number, E.164.</summary>
    public string? PhoneNumber { get; set; }

    /// <summary>Default false.</summary>
    public bool PhoneNumberVerified { get; set; }

    /// <summary>Other claims by registered name (OIDC Core §5.1): <c>name</c>, <c>given_name</c>, <c>picture</c>, <c>address</c> ...</summary>
    public JsonObject? Claims { get; set; }

    /// <summary>Whether the account needs two factors. Default false, unless <c>SignIn</c> asks it of everybody or of a role of the account.</summary>
    public bool RequireSecondFactor { get; set; }

    /// <summary>
    /// False disables the account, which ends its sessions and withdraws its tokens; true enables it. Default leaves it as it is, so that no
    /// restart undoes what an operator did.
    /// </summary>
    public bool? Enabled { get; set; }
}
