using System.Diagnostics.Metrics;

namespace IdentityProvider.Storage;

/// <summary>
/// Counts the statements sent to the database: for operators as the instrument <c>idp.storage.statements</c>, for tests as the
/// statement budget of one request.
/// </summary>
public static class StorageDiagnostics
{
    public const string MeterName = "IdentityProvider.Storage";

    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> Statements = Meter.CreateCounter<long>(
        "idp.storage.statements", "{statement}", "Statements sent to the database, by kind.");

    private static readonly KeyValuePair<string, object?> ReadTag = new("kind", "read");
    private static readonly KeyValuePair<string, object?> WriteTag = new("kind", "write");
    private static readonly AsyncLocal<StatementCount?> Current = new();

    /// <summary>
    /// Counts from here on what this flow of execution sends, until the answer is disposed. A scope inside another takes over.
    /// </summary>
    public static StatementCount Count() => Current.Value = new StatementCount();

    internal static void Record(bool isWrite)
    {
        Statements.Add(1, isWrite ? WriteTag : ReadTag);
        Current.Value?.Add(isWrite);
    }

    internal static void Leave(StatementCount count)
    {
        if (ReferenceEquals(Current.Value, count))
        {
            Current.Value = null;
        }
    }
}
