using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Accounts;

public sealed class PasswordHashingQueueTests : IDisposable
{
    private readonly BlockingHasher _hasher = new();
    private readonly Account _account = new() { PasswordHash = "hash" };

    public void Dispose() => _hasher.Dispose();

    [Fact]
    [Case(271)]
    public async Task Only_as_many_hash_at_once_as_there_are_workers()
    {
        using var queue = Queue(workers: 2, length: 20);
        var work = Enumerable.Range(0, 10).Select(_ => queue.HashAsync(_account, "password", CancellationToken.None)).ToList();

        _hasher.WaitUntilRunning(2);
        _hasher.Release();
        await Task.WhenAll(work);

        Assert.Equal(2, _hasher.MostAtOnce);
        Assert.All(work, done => Assert.Equal("hashed", done.Result));
    }

    [Fact]
    [Case(271)]
    public async Task A_full_queue_refuses_at_once_and_serves_again_afterwards()
    {
        using var queue = Queue(workers: 1, length: 3);
        var first = queue.HashAsync(_account, "password", CancellationToken.None);
        _hasher.WaitUntilRunning(1);
        var waiting = Enumerable.Range(0, 3).Select(_ => queue.HashAsync(_account, "password", CancellationToken.None)).ToList();

        var refusedHash = queue.HashAsync(_account, "password", CancellationToken.None);
        var refusedCheck = queue.VerifyAsync(_account, "password", CancellationToken.None);

        Assert.True(refusedHash.IsCompletedSuccessfully && refusedCheck.IsCompletedSuccessfully);
        Assert.Null(await refusedHash);
        Assert.Null(await refusedCheck);
        _hasher.Release();
        Assert.Equal("hashed", await first);
        await Task.WhenAll(waiting);
        Assert.Equal("hashed", await queue.HashAsync(_account, "password", CancellationToken.None));
    }

    [Fact]
    public async Task Who_has_left_is_not_hashed_for()
    {
        using var queue = Queue(workers: 1, length: 3);
        using var leaving = new CancellationTokenSource();
        var first = queue.HashAsync(_account, "password", CancellationToken.None);
        _hasher.WaitUntilRunning(1);
        var left = queue.HashAsync(_account, "password", leaving.Token);

        await leaving.CancelAsync();
        _hasher.Release();
        await first;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(1, _hasher.Calls);
    }

    [Fact]
    [Case(260)]
    public async Task An_account_that_does_not_exist_costs_a_hash_as_well()
    {
        using var queue = Queue(workers: 1, length: 3);
        _hasher.Release();

        var missing = await queue.VerifyAsync(account: null, "password", CancellationToken.None);
        var withoutPassword = await queue.VerifyAsync(new Account(), "password", CancellationToken.None);

        Assert.Equal(PasswordVerificationResult.Failed, missing);
        Assert.Equal(PasswordVerificationResult.Failed, withoutPassword);
        Assert.Equal(2, _hasher.Checks);
    }

    [Fact]
    public async Task A_failing_hash_reaches_its_caller_and_the_worker_goes_on()
    {
        using var queue = Queue(workers: 1, length: 3);
        _hasher.Release();

        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.HashAsync(_account, "fail", CancellationToken.None));

        Assert.Equal("hashed", await queue.HashAsync(_account, "password", CancellationToken.None));
    }

    private PasswordHashingQueue Queue(int workers, int length) =>
        new(_hasher, Options.Create(new AccountsOptions { PasswordHashingWorkers = workers, PasswordHashingQueue = length }));

    /// <summary>Holds every call until it is let go, and says yes to every password.</summary>
    private sealed class BlockingHasher : IPasswordHasher<Account>, IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly ManualResetEventSlim _gate = new();
        private readonly SemaphoreSlim _started = new(0);
        private readonly Lock _lock = new();
        private int _running;

        public int Calls { get; private set; }

        public int Checks { get; private set; }

        public int MostAtOnce { get; private set; }

        public string HashPassword(Account user, string password)
        {
            Hold();
            return string.Equals(password, "fail", StringComparison.Ordinal) ? throw new InvalidOperationException("no memory") : "hashed";
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Hold();
            lock (_lock)
            {
                Checks++;
            }

            return PasswordVerificationResult.Success;
        }

        public void Release() => _gate.Set();

        public void WaitUntilRunning(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(_started.Wait(Patience), "no worker took the work");
            }
        }

        public void Dispose()
        {
            _gate.Dispose();
            _started.Dispose();
        }

        private void Hold()
        {
            lock (_lock)
            {
                Calls++;
                MostAtOnce = Math.Max(MostAtOnce, ++_running);
            }

            _started.Release();
            Assert.True(_gate.Wait(Patience), "nobody let the work go on");
            lock (_lock)
            {
                _running--;
            }
        }
    }
}
