using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace IdentityProvider.Tests.Shared;

/// <summary>
/// Loopback ports for whoever must be known by its port before it listens, or listens again after a kill. They lie below those that the system
/// hands out by itself, and each is given once: nobody else comes to have one in the meantime.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_100; // 10080 is refused by browsers
    private const int Count = 9_000;

    private static int _given = RandomNumberGenerator.GetInt32(Count);

    public static int Take()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _given) % Count);
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
