using System.Buffers;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>
/// One connection that all callers share: commands are sent as they come, those that come meanwhile in one packet, and replies are handed out in
/// the order of the commands. It lives until the first thing goes wrong, a reply that comes too late included, and then for nobody any more:
/// so a reply can never reach somebody else's command. Who stops waiting leaves a reply behind that is thrown away when it comes.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    /// <summary>Commands whose reply is still to come; more are refused at once. At 30,000 a second it is an eighth of a second's worth.</summary>
    public const int MaxPending = 4096;

    private const int FirstBuffer = 4096;

    private readonly Stream _stream;
    private readonly int _timeout;
    private readonly Timer _watch;
    private readonly Lock _lock = new();
    private readonly Queue<PendingReply> _pending = [];
    private readonly TaskCompletionSource<RedisOutageException> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _outgoing = new();
    private ArrayBufferWriter<byte> _spare = new();
    private bool _isWriting;
    private RedisOutageException? _fault;

    /// <param name="stream">Connected; it is the connection's own from now on.</param>
    /// <param name="timeout">For a reply.</param>
    public RedisConnection(Stream stream, TimeSpan timeout)
    {
        _stream = stream;
        _timeout = (int)timeout.TotalMilliseconds;
        var interval = Math.Max(5, _timeout / 4);
        _watch = new Timer(_ => CloseWhenLate(), state: null, interval, interval);
        _ = ReadAllAsync();
    }

    /// <summary>Ends with the reason for which nothing can be sent any more.</summary>
    public Task<RedisOutageException> Closed => _closed.Task;

    public bool IsOpen => Volatile.Read(ref _fault) is null;

    /// <summary>The reply, which may be an error.</summary>
    /// <param name="command">Of <see cref="RespCommand"/>.</param>
    /// <param name="cancellationToken">Cancels the wait; the command is carried out all the same.</param>
    /// <exception cref="RedisOutageException">There will be none; the command may have been carried out.</exception>
    public async Task<RespValue> SendAsync(ReadOnlyMemory<byte> command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = Enqueue(command, out var mustWrite);
        if (mustWrite)
        {
            _ = WriteAllAsync();
        }

        return await pending.Task.WaitAsync(cancellationToken) ?? throw new RedisOutageException(_fault!.Message, _fault);
    }

    /// <summary>Lets nobody wait any more. The first reason stays.</summary>
    public void Close(RedisOutageException reason)
    {
        PendingReply[] lost;
        lock (_lock)
        {
            if (_fault is not null)
            {
                return;
            }

            Volatile.Write(ref _fault, reason);
            lost = [.. _pending];
            _pending.Clear();
        }

        foreach (var pending in lost)
        {
            pending.Complete(null);
        }

        _closed.SetResult(reason);
        _watch.Dispose();
        try
        {
            _stream.Dispose();
        }
        catch (Exception)
        {
            // Nobody waits for it any more, and who closes it has a reason that matters more.
        }
    }

    public ValueTask DisposeAsync()
    {
        Close(new RedisOutageException("is not used any more"));
        return ValueTask.CompletedTask;
    }

    private PendingReply Enqueue(ReadOnlyMemory<byte> command, out bool mustWrite)
    {
        lock (_lock)
        {
            if (_fault is not null)
            {
                throw new RedisOutageException(_fault.Message, _fault);
            }

            if (_pending.Count >= MaxPending)
            {
                throw new RedisOutageException($"has {MaxPending} commands to answer already");
            }

            var pending = new PendingReply(Environment.TickCount64);
            _pending.Enqueue(pending);
            _outgoing.Write(command.Span);
            mustWrite = !_isWriting;
            _isWriting = true;
            return pending;
        }
    }

    /// <summary>Sends what there is, by whoever came when nobody was sending; what comes meanwhile is not for them to send, so they go on.</summary>
    private async Task WriteAllAsync()
    {
        try
        {
            var isOfCaller = true;
            while (TakeOutgoing() is { } bytes)
            {
                if (!isOfCaller)
                {
                    // Sockets mostly take what they are given at once, so that nothing else would end the caller's turn.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                }

                isOfCaller = false;
                await _stream.WriteAsync(bytes.WrittenMemory);
                bytes.ResetWrittenCount();
            }
        }
        catch (Exception exception)
        {
            // Whatever it is: nobody may wait for what will not come.
            Close(new RedisOutageException("cannot be written to: " + RedisDialer.Reason(exception), exception));
        }
    }

    private ArrayBufferWriter<byte>? TakeOutgoing()
    {
        lock (_lock)
        {
            if (_outgoing.WrittenCount == 0 || _fault is not null)
            {
                _isWriting = false;
                return null;
            }

            (_outgoing, _spare) = (_spare, _outgoing);
            return _spare;
        }
    }

    private async Task ReadAllAsync()
    {
        try
        {
            var (buffer, start, end) = (new byte[FirstBuffer], 0, 0);
            while (true)
            {
                (buffer, start, end) = MakeRoom(buffer, start, end);
                var read = await _stream.ReadAsync(buffer.AsMemory(end));
                if (read == 0)
                {
                    throw new IOException("it closed the connection");
                }

                end += read;
                start += HandOut(buffer.AsSpan(start, end - start));
            }
        }
        catch (RespFormatException exception)
        {
            Close(new RedisOutageException("sent " + exception.Message, exception));
        }
        catch (Exception exception)
        {
            Close(new RedisOutageException("is gone: " + RedisDialer.Reason(exception), exception));
        }
    }

    /// <summary>What is not read yet at the beginning, and room behind it. <see cref="RespReader"/> refuses what does not fit into the largest.</summary>
    private static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var rest = buffer.AsSpan(start, end - start);
        var target = rest.Length == buffer.Length ? new byte[Math.Min(buffer.Length * 2, RespReader.MaxReply)] : buffer;
        rest.CopyTo(target);
        return (target, 0, rest.Length);
    }

    /// <returns>How many bytes were whole replies.</returns>
    private int HandOut(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (used < bytes.Length && RespReader.Read(bytes[used..], out var length) is { } reply)
        {
            used += length;
            Dequeue().Complete(reply);
        }

        return used;
    }

    private PendingReply Dequeue()
    {
        lock (_lock)
        {
            return _pending.TryDequeue(out var pending) ? pending : throw new RespFormatException("a reply that nobody asked for");
        }
    }

    private void CloseWhenLate()
    {
        lock (_lock)
        {
            if (!_pending.TryPeek(out var oldest) || Environment.TickCount64 - oldest.SentAt < _timeout)
            {
                return;
            }
        }

        Close(new RedisOutageException($"did not answer within {_timeout} ms (Redis:command_timeout_ms)"));
    }
}
