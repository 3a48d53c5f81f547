using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IdentityProvider.Server.Endpoints;

/// <summary>A JSON writer and its buffer, one per thread and used again: a response costs no allocation of its own.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "lives as long as its thread and holds memory only")]
internal sealed class JsonBuffer
{
    private const int KeptCapacity = 32 * 1024;

    /// <summary>The strictest encoder: whatever HTML could misread leaves as an escape, in case somebody ignores the content type.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    [ThreadStatic]
    private static JsonBuffer? _current;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);
    private readonly Utf8JsonWriter _writer;

    private JsonBuffer() => _writer = new Utf8JsonWriter(_bytes, Options);

    /// <summary>The JSON that <paramref name="write"/> produces, valid until this thread writes the next; do not await before it was copied.</summary>
    public static ReadOnlySpan<byte> Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = _current ??= new JsonBuffer();
        buffer._bytes.ResetWrittenCount();
        buffer._writer.Reset(buffer._bytes);
        write(buffer._writer, value);
        buffer._writer.Flush();
        if (buffer._bytes.Capacity > KeptCapacity)
        {
            _current = null;
        }

        return buffer._bytes.WrittenSpan;
    }
}
