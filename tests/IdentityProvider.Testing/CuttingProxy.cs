using System.Net;
using System.Net.Sockets;

namespace IdentityProvider.Testing;

/// <summary>
/// Stands between a server and its PostgreSQL and loses one connection, at a chosen moment of a chosen statement. The statement is known by its
/// text, so the connection string must keep Npgsql from preparing it (<see cref="Unprepared"/>).
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    /// <summary>
    /// For the connection string: every statement travels with its text, readable, and alone. Else the one that resets a connection of the pool goes
    /// before it, and is answered before it is done.
    /// </summary>
    public const string Unprepared = "No Reset On Close=true;Max Auto Prepare=1;Auto Prepare Min Usages=1000000;SSL Mode=Disable;GSS Encryption Mode=Disable";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _loop;
    private Trap? _trap;
    private int _cuts;

    /// <param name="host">Of the database.</param>
    /// <param name="port">Of the database.</param>
    public CuttingProxy(string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were lost.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The next statement with this text in it loses its connection; those after it do not.</summary>
    public void Arm(string text, CutAt moment) => Volatile.Write(ref _trap, new Trap(System.Text.Encoding.ASCII.GetBytes(text), moment));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _loop;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        while (!_end.IsCancellationRequested)
        {
            try
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException)
            {
                break;
            }
        }

        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient near)
    {
        using var far = new TcpClient();
        using (near)
        {
            try
            {
                await far.ConnectAsync(_host, _port, _end.Token);
                var connection = new Connection(near.GetStream(), far.GetStream());
                await Task.WhenAny(UpAsync(connection), DownAsync(connection));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
            {
                // One side has gone; so goes the other.
            }
        }
    }

    private async Task UpAsync(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        while (await connection.Near.ReadAsync(buffer, _end.Token) is var count && count > 0)
        {
            var sent = buffer.AsMemory(0, count);
            var trap = Volatile.Read(ref _trap);
            if (trap is not null && sent.Span.IndexOf(trap.Text) >= 0 && Interlocked.CompareExchange(ref _trap, null, trap) == trap)
            {
                Interlocked.Increment(ref _cuts);
                switch (trap.Moment)
                {
                    case CutAt.BeforeStatement:
                        return;
                    case CutAt.WithinStatement:
                        await connection.Far.WriteAsync(sent[..(count / 2)], _end.Token);
                        return;
                    default:
                        connection.IsDeaf = true;
                        break;
                }
            }

            await connection.Far.WriteAsync(sent, _end.Token);
        }
    }

    private async Task DownAsync(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        while (await connection.Far.ReadAsync(buffer, _end.Token) is var count && count > 0)
        {
            // The answer begins: a statement of its own is committed before PostgreSQL sends any of it.
            if (connection.IsDeaf)
            {
                return;
            }

            await connection.Near.WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }

    private sealed record Trap(byte[] Text, CutAt Moment);

    private sealed class Connection(NetworkStream near, NetworkStream far)
    {
        private volatile bool _isDeaf;

        public NetworkStream Near => near;

        public NetworkStream Far => far;

        public bool IsDeaf
        {
            get => _isDeaf;
            set => _isDeaf = value;
        }
    }
}

/// <summary>The moment at which a connection is lost.</summary>
public enum CutAt
{
    /// <summary>Nothing of the statement reaches the database.</summary>
    BeforeStatement,

    /// <summary>Half of it does.</summary>
    WithinStatement,

    /// <summary>The database has done it, and its answer is lost.</summary>
    BeforeAnswer,
}
