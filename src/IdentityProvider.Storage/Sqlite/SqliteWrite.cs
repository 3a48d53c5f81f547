using IdentityProvider.Storage.Statements;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>One transaction's worth of work, waiting for the writer.</summary>
/// <param name="calls">The statements, in order.</param>
/// <param name="guards">How many come first, the last of which must change a row, or nothing is done. 0: all are done.</param>
internal sealed class SqliteWrite(IReadOnlyList<SqlCall> calls, int guards)
{
    private readonly TaskCompletionSource<int> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _changed;
    private Exception? _failure;

    public Task<int> Answer => _answer.Task;

    public bool IsSingleStatement => calls is [{ Statement.IsCompound: false }];

    /// <summary>Runs inside the writer's transaction.</summary>
    /// <exception cref="SqliteException">The whole transaction is spoiled.</exception>
    public void Run(SqliteSession session)
    {
        try
        {
            if (IsSingleStatement)
            {
                _changed = session.Execute(calls[0]); // undone by SQLite itself when it fails
                return;
            }

            session.Control("SAVEPOINT one");
            try
            {
                if (!TryRunAll(session))
                {
                    session.Control("ROLLBACK TO one");
                }
            }
            catch (SqliteException exception) when (!SpoilsTransaction(exception))
            {
                session.Control("ROLLBACK TO one");
                session.Control("RELEASE one");
                throw;
            }

            session.Control("RELEASE one");
        }
        catch (SqliteException exception) when (!SpoilsTransaction(exception))
        {
            _failure = exception;
        }
    }

    public void Fail(Exception exception) => _failure = exception;

    /// <summary>Answers who waits; after the commit.</summary>
    public void Tell()
    {
        if (_failure is null)
        {
            _answer.TrySetResult(_changed);
        }
        else
        {
            _answer.TrySetException(_failure);
        }
    }

    private bool TryRunAll(SqliteSession session)
    {
        for (var i = 0; i < calls.Count; i++)
        {
            var changed = session.Execute(calls[i]);
            _changed = guards == 0 || i < guards ? changed : _changed;
            if (i == guards - 1 && changed == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A violated constraint (19) or a faulty statement (1) concerns its sender only. All else (full, I/O, locked ...) may have undone more.</summary>
    private static bool SpoilsTransaction(SqliteException exception) => exception.SqliteErrorCode is not (1 or 19);
}
