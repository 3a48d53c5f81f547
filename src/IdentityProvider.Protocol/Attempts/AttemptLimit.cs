using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Attempts;

/// <summary>
/// At most so many attempts in a window of time. Windows are fixed, counted from the epoch: who waits for the edge of two can have twice
/// as many within a moment, and figures in the documentation say so.
/// </summary>
/// <param name="Name">What is limited; keeps counters of different limits apart.</param>
/// <param name="Most">Attempts in a window.</param>
/// <param name="Window">Length of a window.</param>
public sealed record AttemptLimit(string Name, int Most, TimeSpan Window)
{
    /// <summary>The counter of a value in the present window: SHA-256, 32 bytes. No address or name stands in the table.</summary>
    public ReadOnlyMemory<byte> KeyOf(string value, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(value);
        var text = Encoding.UTF8.GetBytes($"{Name}\0{value}\0");
        var input = new byte[text.Length + sizeof(long)];
        text.CopyTo(input, 0);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(text.Length), now.UtcTicks / Window.Ticks);
        return SHA256.HashData(input);
    }

    /// <summary>When the present window ends and its counters begin anew.</summary>
    public DateTimeOffset EndOf(DateTimeOffset now) => new(((now.UtcTicks / Window.Ticks) + 1) * Window.Ticks, TimeSpan.Zero);

    /// <summary>The counter of a value in the present window.</summary>
    public AttemptCounter CounterOf(string value, DateTimeOffset now) => new(KeyOf(value, now), Most, EndOf(now) - Window, EndOf(now));
}
