using System.Globalization;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Server.Commands;

/// <summary>
/// <c>keys list</c>, <c>keys plan</c>, <c>keys rotate [--alg ALG] [--compromised KEY|all]</c>, <c>keys rewrap</c>: works on the database, so running nodes
/// follow at their next poll. Times are UTC.
/// </summary>
internal sealed class KeysCommand(KeyRing ring, KeyRotation rotation, TimeProvider clock, TextWriter output, TextWriter errors)
{
    public const string Usage = "keys list | keys plan | keys rotate [--alg ALG] [--compromised KEY|all] | keys rewrap";

    private const int Success = 0;
    private const int Refused = 1;
    private const int Misused = 2;

    /// <param name="services">With the key ring and its store; the schema must be there.</param>
    /// <param name="arguments">The words after <c>keys</c>.</param>
    /// <param name="output">What was asked for.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="cancellationToken">Cancels before the next write.</param>
    /// <returns>The exit code: 0 done, 1 refused, 2 the words make no sense.</returns>
    /// <exception cref="KeyRingException">A key cannot be unwrapped; the message is for the operator.</exception>
    public static Task<int> RunAsync(
        IServiceProvider services, IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var command = new KeysCommand(
            services.GetRequiredService<KeyRing>(),
            services.GetRequiredService<KeyRotation>(),
            services.GetRequiredService<TimeProvider>(),
            output,
            errors);
        return command.RunAsync(arguments, cancellationToken);
    }

    private Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => arguments switch
    {
        ["list"] => ListAsync(cancellationToken),
        ["plan"] => PlanAsync(cancellationToken),
        ["rewrap"] => RewrapAsync(cancellationToken),
        ["rotate"] => RotateAsync(algorithm: null, cancellationToken),
        ["rotate", "--alg", var algorithm] => RotateAsync(algorithm, cancellationToken),
        ["rotate", "--compromised", "all"] => DeclareAllCompromisedAsync(cancellationToken),
        ["rotate", "--compromised", var id] => DeclareCompromisedAsync(id, cancellationToken),
        _ => RefuseAsync($"Usage: {Usage}", Misused),
    };

    private async Task<int> ListAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        var now = clock.GetUtcNow();
        await WriteTableAsync(
            ["KEY", "PURPOSE", "ALGORITHM", "STATE", "MADE", "ACTIVE FROM", "RETIRED FROM", "REMOVED FROM"],
            [
                .. ring.Records
                    .OrderBy(record => record.Purpose, StringComparer.Ordinal)
                    .ThenBy(record => record.Algorithm, StringComparer.Ordinal)
                    .ThenBy(record => record.ActivatesAt)
                    .Select(record => (string[])
                    [
                        record.Id,
                        record.Purpose,
                        record.Algorithm,
                        NameOf(record.PhaseAt(now)),
                        Print(record.CreatedAt),
                        Print(record.ActivatesAt),
                        Print(record.RetiresAt),
                        Print(record.RemovesAt),
                    ]),
            ]);
        return Success;
    }

    private async Task<int> PlanAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        await WriteTableAsync(
            ["WHEN", "PURPOSE", "ALGORITHM", "KEY", "WHAT"],
            [
                .. rotation.Plan().Select(planned => (string[])
                [
                    Print(planned.At), planned.Key.Purpose, planned.Key.Algorithm, planned.Key.Id, Describe(planned.Event),
                ]),
            ]);
        return Success;
    }

    private async Task<int> RotateAsync(string? algorithm, CancellationToken cancellationToken)
    {
        if (algorithm is not null && SigningAlgorithm.Find(algorithm) is null && algorithm is not (KeyAlgorithms.Sealing or KeyAlgorithms.Mac))
        {
            return await RefuseAsync($"There are no keys for that algorithm. {Usage}", Misused);
        }

        var announced = await rotation.RotateAsync(algorithm, cancellationToken);
        foreach (var record in announced)
        {
            await output.WriteLineAsync($"Announced {record.Algorithm} key {record.Id}; it takes over at {Print(record.ActivatesAt)}.");
        }

        if (announced.Count == 0)
        {
            await output.WriteLineAsync("Nothing to do: successors are announced already, or that algorithm is not in Keys:algorithms. See keys plan.");
        }

        return Success;
    }

    private async Task<int> DeclareCompromisedAsync(string id, CancellationToken cancellationToken)
    {
        if (!await rotation.DeclareCompromisedAsync(id, cancellationToken))
        {
            return await RefuseAsync("The ring has no such key in use. See keys list.", Refused);
        }

        await output.WriteLineAsync($"Key {id} is out of use: {WhenRefused()}");
        return Success;
    }

    private async Task<int> DeclareAllCompromisedAsync(CancellationToken cancellationToken)
    {
        var count = await rotation.DeclareAllCompromisedAsync(cancellationToken);
        await output.WriteLineAsync($"{count} keys are out of use, so everybody signs in again: {WhenRefused()}");
        return Success;
    }

    private string WhenRefused() => string.Create(
        CultureInfo.InvariantCulture,
        $"running nodes follow within a second, resource servers when their copy of the JWK Set is older than {ring.Document.MaxAge.TotalSeconds} seconds.");

    private async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        var count = await rotation.RewrapAsync(cancellationToken);
        await output.WriteLineAsync($"{count} keys wrapped again; all are under the master key from the {ring.MasterKeySource}.");
        return Success;
    }

    private async Task<int> RefuseAsync(string reason, int exitCode)
    {
        await errors.WriteLineAsync(reason);
        return exitCode;
    }

    private async Task WriteTableAsync(string[] head, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            await output.WriteLineAsync("The ring has no keys yet; they are made when the server starts for the first time.");
            return;
        }

        var widths = head.Select((title, column) => Math.Max(title.Length, rows.Max(row => row[column].Length))).ToArray();
        foreach (var row in rows.Prepend(head))
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string NameOf(KeyPhase phase) => phase switch
    {
        KeyPhase.Announced => "announced",
        KeyPhase.Active => "active",
        KeyPhase.Retired => "retired",
        _ => "removed",
    };

    private static string Describe(KeyEvent planned) => planned switch
    {
        KeyEvent.SuccessorAnnounced => "its successor is announced",
        KeyEvent.Activated => "takes over",
        KeyEvent.Retired => "is used no more, still accepted",
        _ => "is no longer accepted",
    };

    private static string Print(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
