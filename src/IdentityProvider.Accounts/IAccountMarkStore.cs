namespace IdentityProvider.Accounts;

/// <summary>
/// Marks beside accounts: Identity's claims and tokens, which nobody is ever sent. Read without Entity Framework, whose model costs most of
/// a start.
/// </summary>
public interface IAccountMarkStore
{
    /// <summary>User names of the accounts that bear the mark. One read.</summary>
    Task<IReadOnlyList<string>> FindMarkedAsync(string type, string value, CancellationToken cancellationToken);

    /// <summary>The account with what stands beside it; null when there is none of that name. One read.</summary>
    /// <param name="normalizedUserName">As Identity normalises it.</param>
    /// <param name="tokenProvider">Owner of the tokens to read.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<MarkedAccount?> FindAsync(string normalizedUserName, string tokenProvider, CancellationToken cancellationToken);
}

/// <summary>An account and what stands beside it.</summary>
/// <param name="Account">Id and state only; not to be saved.</param>
/// <param name="Tokens">Values of the provider's tokens, by name.</param>
/// <param name="Marks">Types of its marks.</param>
public sealed record MarkedAccount(Account Account, IReadOnlyDictionary<string, string> Tokens, IReadOnlyList<string> Marks);
