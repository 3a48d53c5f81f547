namespace IdentityProvider.Accounts.Activity;

/// <summary>What an account did, and let clients do, as its person may see it. Each verb is one read, however much there is.</summary>
public interface IAccountActivity
{
    /// <summary>Clients that have or lately had a grant of the account, by client id. Ended grants are known for about a day.</summary>
    Task<IReadOnlyList<ClientUse>> ListClientsAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Which clients got a grant in which of the account's sessions, whether it still stands or not.</summary>
    Task<IReadOnlyList<SessionClient>> ListSessionClientsAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Security events of the account, the newest first.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="before">Only those before the event of this id; null: from the newest.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task<IReadOnlyList<AccountEvent>> ListEventsAsync(string accountId, Guid? before, int count, CancellationToken cancellationToken);

    /// <summary>Mail and text messages about the account, the newest first; known for about two weeks.</summary>
    Task<IReadOnlyList<AccountMessage>> ListMessagesAsync(string accountId, CancellationToken cancellationToken);
}
