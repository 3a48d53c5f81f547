namespace IdentityProvider.Accounts;

/// <summary>Switches accounts off and on. Each verb is one durable transaction.</summary>
public interface IAccountStateStore
{
    /// <summary>
    /// Disables the account, ends all its sessions and grants and sets their status bits. False when there is no such account or it
    /// is disabled already.
    /// </summary>
    Task<bool> TryDisableAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Enables the account again; what ended stays ended. False when there is no such account or it is enabled already.</summary>
    Task<bool> TryEnableAsync(string id, CancellationToken cancellationToken);

    /// <summary>Notes the time of a successful sign-in and sets the failures in a row back to none. One statement.</summary>
    Task RecordSignInAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}
