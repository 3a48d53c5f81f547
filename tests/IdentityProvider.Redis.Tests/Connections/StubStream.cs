namespace IdentityProvider.Redis.Tests.Connections;

/// <summary>A stream from which nothing ever comes, and that takes everything at once, as sockets mostly do.</summary>
internal sealed class StubStream : Stream
{
    private int _writes;

    /// <summary>Given how often there was a write, from 1 on; on the thread that writes.</summary>
    public Action<int> WhenWritten { get; set; } = _ => { };

    public Action WhenClosed { get; init; } = () => { };

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WhenWritten(++_writes);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        WhenClosed();
        base.Dispose(disposing);
    }
}
