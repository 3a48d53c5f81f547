namespace IdentityProvider.Accounts;

/// <summary>Marks beside accounts: Identity's claims, which nobody is ever sent.</summary>
public interface IAccountMarkStore
{
    /// <summary>User names of the accounts that bear the mark. One read.</summary>
    Task<IReadOnlyList<string>> FindMarkedAsync(string type, string value, CancellationToken cancellationToken);
}
