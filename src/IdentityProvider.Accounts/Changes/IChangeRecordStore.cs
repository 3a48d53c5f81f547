namespace IdentityProvider.Accounts.Changes;

/// <summary>For what is written down and told though no row of the account changes.</summary>
public interface IChangeRecordStore
{
    /// <summary>One durable transaction.</summary>
    Task AddAsync(ChangeRecord record, CancellationToken cancellationToken);
}
