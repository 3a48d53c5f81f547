using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Hashes passwords on threads of its own, a fixed number of them of low priority, with a short queue in front. When the queue is full the
/// answer is null at once: a storm of sign-ins waits or is turned away, and the token endpoint keeps its cores. The limit counts for each node.
/// </summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "it is a queue")]
public sealed class PasswordHashingQueue : IDisposable
{
    private readonly Channel<Action> _work;
    private readonly IPasswordHasher<Account> _hasher;

    /// <summary>What an account without a password, or no account at all, is verified against: same cost, never a match.</summary>
    private readonly Lazy<string> _dummyHash;

    public PasswordHashingQueue(IPasswordHasher<Account> hasher, IOptions<AccountsOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _hasher = hasher;
        _dummyHash = new(() => hasher.HashPassword(new Account(), Guid.NewGuid().ToString()));
        var workers = options.Value.PasswordHashingWorkers is > 0 and var set ? set : Math.Max(1, Environment.ProcessorCount / 2);
        var capacity = options.Value.PasswordHashingQueue is > 0 and var length ? length : 50 * workers;
        _work = Channel.CreateBounded<Action>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        for (var i = 0; i < workers; i++)
        {
            new Thread(Run) { IsBackground = true, Name = $"password hashing {i}" }.Start();
        }
    }

    /// <summary>A new hash, or null when the queue is full.</summary>
    public Task<string?> HashAsync(Account account, string password, CancellationToken cancellationToken) =>
        EnqueueAsync<string?>(() => _hasher.HashPassword(account, PasswordText.Normalize(password)), cancellationToken);

    /// <summary>
    /// Whether the password is the account's, or null when the queue is full. Costs the same for null and for an account without a
    /// password, and is <see cref="PasswordVerificationResult.Failed"/> for both.
    /// </summary>
    public Task<PasswordVerificationResult?> VerifyAsync(Account? account, string password, CancellationToken cancellationToken) =>
        EnqueueAsync<PasswordVerificationResult?>(() => Verify(account, PasswordText.Normalize(password)), cancellationToken);

    public void Dispose() => _work.Writer.TryComplete();

    private PasswordVerificationResult Verify(Account? account, string password)
    {
        var isReal = !string.IsNullOrEmpty(account?.PasswordHash);
        var result = _hasher.VerifyHashedPassword(account ?? new Account(), isReal ? account!.PasswordHash! : _dummyHash.Value, password);
        return isReal ? result : PasswordVerificationResult.Failed;
    }

    private Task<T?> EnqueueAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        return _work.Writer.TryWrite(Step) ? done.Task : Task.FromResult<T?>(default);

        void Step()
        {
            // Whoever has left in the meantime costs nothing more.
            if (cancellationToken.IsCancellationRequested)
            {
                done.TrySetCanceled(cancellationToken);
                return;
            }

            try
            {
                done.TrySetResult(work());
            }
            catch (Exception exception)
            {
                // The caller's await throws it; this thread serves the next.
                done.TrySetException(exception);
            }
        }
    }

    private void Run()
    {
        LowPriority.Take();
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var step))
            {
                step();
            }
        }
    }
}
