using System.Collections.Concurrent;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Registration;

/// <summary>Tells the store when a self-registered client gets a token, once in a process: one write then, and none for all other clients.</summary>
public sealed class FirstUse(IClientRegistrationStore registrations)
{
    /// <summary>Beyond it the whole memory is dropped, which costs a write for each client and nothing else.</summary>
    private const int MaxEntries = 100_000;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <param name="client">Who got a token.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    public async ValueTask NoteAsync(Client client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (!client.IsSelfRegistered || _known.ContainsKey(client.ClientId))
        {
            return;
        }

        await registrations.MarkUsedAsync(client.ClientId, cancellationToken);
        if (_known.Count >= MaxEntries)
        {
            _known.Clear();
        }

        _known[client.ClientId] = true;
    }
}
