using System.Globalization;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Commands;

/// <summary>
/// <c>deliveries list [--pending | --failed | --delivered]</c>, <c>deliveries retry ID</c>: what other servers and people were told, or not yet. Works on
/// the database; running nodes take up a retry within a second. Times are UTC.
/// </summary>
internal sealed class DeliveriesCommand(IOutboxStore outbox, TimeProvider clock, TextWriter output, TextWriter errors)
{
    public const string Usage = "deliveries list [--pending | --failed | --delivered] | deliveries retry ID";

    private const int Success = 0;
    private const int Refused = 1;
    private const int Misused = 2;
    private const int MostRows = 200;

    private static readonly string[] Head = ["ID", "QUEUED", "STATE", "TRIES", "NEXT TRY", "KIND", "CLIENT", "SESSION", "LAST ERROR"];

    /// <param name="arguments">The words after <c>deliveries</c>.</param>
    /// <param name="cancellationToken">Cancels before the next statement.</param>
    /// <returns>The exit code: 0 done, 1 refused, 2 the words make no sense.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => arguments switch
    {
        ["list"] => ListAsync(OutboxState.Any, cancellationToken),
        ["list", "--pending"] => ListAsync(OutboxState.Pending, cancellationToken),
        ["list", "--failed"] => ListAsync(OutboxState.Dead, cancellationToken),
        ["list", "--delivered"] => ListAsync(OutboxState.Delivered, cancellationToken),
        ["retry", var id] => RetryAsync(id, cancellationToken),
        _ => RefuseAsync($"Usage: {Usage}", Misused),
    };

    private async Task<int> ListAsync(OutboxState state, CancellationToken cancellationToken)
    {
        var messages = await outbox.ListAsync(state, MostRows, cancellationToken);
        if (messages.Count == 0)
        {
            await output.WriteLineAsync("There are no such deliveries in the last 14 days.");
            return Success;
        }

        string[][] rows = [Head, .. messages.Select(Line)];
        var widths = Head.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        if (messages.Count == MostRows)
        {
            await output.WriteLineAsync($"These are the newest {MostRows}; there may be more.");
        }

        return Success;
    }

    private async Task<int> RetryAsync(string text, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(text, out var id))
        {
            return await RefuseAsync($"{LogHygiene.OneLine(text)} is no id. See deliveries list --failed.", Misused);
        }

        if (!await outbox.TryRetryAsync(id, clock.GetUtcNow(), cancellationToken))
        {
            return await RefuseAsync("No failed delivery has that id. See deliveries list --failed.", Refused);
        }

        await output.WriteLineAsync($"{id} is tried again by the running server.");
        return Success;
    }

    private async Task<int> RefuseAsync(string reason, int exitCode)
    {
        await errors.WriteLineAsync(reason);
        return exitCode;
    }

    private static string[] Line(OutboxMessage message) =>
    [
        message.Id.ToString(),
        Print(message.CreatedAt),
        StateOf(message),
        message.Attempts.ToString(CultureInfo.InvariantCulture),
        Print(message.NextAttemptAt),
        message.Kind,
        message.ClientId ?? "-",
        message.SessionId?.ToString("N") ?? "-",
        message.LastError ?? "-",
    ];

    private static string StateOf(OutboxMessage message) =>
        message.DeliveredAt is not null ? "delivered" : message.DeadAt is not null ? "failed" : "pending";

    private static string Print(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
