namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>A means that an account can have set up to follow its first proof. Each is registered once; the order is the order of choice.</summary>
public interface ISecondFactor
{
    /// <summary>A name of <see cref="Protocol.Sessions.SignInMethods"/>.</summary>
    string Method { get; }

    /// <summary>Whether the account has it, ready to be used.</summary>
    Task<bool> IsSetUpAsync(Account account, CancellationToken cancellationToken);
}
