using IdentityProvider.Storage.Cleanup;
using Npgsql;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>The node that gets the advisory lock cleans up; the database lets go of it when the node dies.</summary>
internal sealed class AdvisoryLockElection(NpgsqlDataSource dataSource) : ICleanupElection
{
    public async Task<bool> TryRunAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await AskAsync(connection, "SELECT pg_try_advisory_lock($1)", cancellationToken))
        {
            return false;
        }

        try
        {
            await work();
        }
        finally
        {
            await AskAsync(connection, "SELECT pg_advisory_unlock($1)", CancellationToken.None);
        }

        return true;
    }

    private static async Task<bool> AskAsync(NpgsqlConnection connection, string question, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(question, connection) { Parameters = { new() { Value = AdvisoryLocks.Cleanup } } };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
