namespace IdentityProvider.Protocol.Jose;

/// <summary>The three encoded parts of a compact JWS: RFC 7515 §7.1. They point into the caller's buffer.</summary>
internal readonly ref struct CompactJws
{
    private CompactJws(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> signingInput)
    {
        Header = header;
        Payload = payload;
        Signature = signature;
        SigningInput = signingInput;
    }

    public ReadOnlySpan<byte> Header { get; }

    /// <summary>May be empty: a JWS may sign nothing. A JWT may not, its payload is a JSON object.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    public ReadOnlySpan<byte> Signature { get; }

    public ReadOnlySpan<byte> SigningInput { get; }

    /// <summary>Exactly three parts, header and signature not empty, all of them strict base64url.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> token, out CompactJws jws)
    {
        jws = default;
        var first = token.IndexOf((byte)'.');
        var last = token.LastIndexOf((byte)'.');
        if (first <= 0 || last == first || last == token.Length - 1)
        {
            return false;
        }

        // A third dot inside the payload part is not in the alphabet and fails there.
        jws = new CompactJws(token[..first], token[(first + 1)..last], token[(last + 1)..], token[..last]);
        return StrictBase64Url.IsValid(jws.Header) && StrictBase64Url.IsValid(jws.Payload) && StrictBase64Url.IsValid(jws.Signature);
    }
}
