namespace IdentityProvider.Accounts.Passwords;

/// <summary>What a person may choose as a password: <see cref="PasswordRules"/>, and none that is known from a breach (NIST SP 800-63B-4 §3.1.1.2).</summary>
public sealed class NewPasswords(IBreachedPasswords breached)
{
    /// <summary>The first problem, or null.</summary>
    /// <param name="typed">As typed; blanks count.</param>
    /// <param name="names">User name, mail address, name: what the password must not be made of.</param>
    /// <param name="cancellationToken">Cancels the exchange with whoever knows breaches.</param>
    public async Task<PasswordProblem?> FindProblemAsync(string typed, string?[] names, CancellationToken cancellationToken)
    {
        if (PasswordRules.FindProblem(typed, names) is { } problem)
        {
            return problem;
        }

        return await breached.ContainsAsync(PasswordText.Normalize(typed), cancellationToken) ? PasswordProblem.TooCommon : null;
    }
}
