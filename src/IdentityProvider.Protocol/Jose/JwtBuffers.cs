using System.Buffers;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// A payload buffer and its JSON writer, one of each kept per thread. A callback that itself writes a token finds none and gets new ones.
/// </summary>
internal sealed class JwtBuffers
{
    // What an unusually large payload (a status list) needed is not kept.
    private const int MaximumKept = 64 * 1024;

    [ThreadStatic]
    private static JwtBuffers? _kept;

    private readonly ArrayBufferWriter<byte> _payload = new(2048);

    private JwtBuffers() => Json = new Utf8JsonWriter(_payload, JwtHeaderEncoding.WriterOptions);

    public Utf8JsonWriter Json { get; }

    public ReadOnlySpan<byte> Payload => _payload.WrittenSpan;

    public static JwtBuffers Rent()
    {
        var buffers = _kept ?? new JwtBuffers();
        _kept = null;
        return buffers;
    }

    public void Return()
    {
        _payload.Clear(); // overwrites: claims are personal
        Json.Reset();
        if (_payload.Capacity <= MaximumKept)
        {
            _kept = this;
        }
    }
}
