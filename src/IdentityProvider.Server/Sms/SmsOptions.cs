using IdentityProvider.Server.Outbound;

namespace IdentityProvider.Server.Sms;

/// <summary>Text messages to people: section <c>IdentityProvider:Sms</c>.</summary>
internal sealed class SmsOptions
{
    private const string SecretPrefix = "whsec_";
    private const int LeastSecretBytes = 24;

    /// <summary>
    /// <c>transport</c>: how text messages leave. Default <see cref="SmsTransport.None"/>. In Development every one can also be read at
    /// <c>/dev/mail</c>, whatever the transport.
    /// </summary>
    public SmsTransport Transport { get; set; } = SmsTransport.None;

    /// <summary><c>folder</c>: where <c>file</c> writes its <c>.json</c> files, from the data folder. Default <c>sms</c>.</summary>
    public string Folder { get; set; } = "sms";

    /// <summary>
    /// <c>url</c>: where <c>webhook</c> posts. https to a public address, unless <c>Outbound:allow_private_addresses</c>. The time limit is
    /// <c>Outbound:timeout</c>.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>
    /// <c>secret</c>: key of the signature of <c>webhook</c>, base64 of at least 24 bytes, with or without <c>whsec_</c> in front. Better in an
    /// environment variable than in a file.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Transport != SmsTransport.Webhook)
        {
            yield break;
        }

        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.UserInfo.Length > 0)
        {
            yield return $"Sms:url must be an address: {OutboundHttp.NotAllowed}.";
        }

        if (KeyOf(Secret) is not { Length: >= LeastSecretBytes })
        {
            yield return "Sms:secret must be base64 of at least 24 bytes.";
        }
    }

    /// <summary>The key of the signature; null when the text is not base64.</summary>
    public static byte[]? KeyOf(string? secret)
    {
        var text = secret?.StartsWith(SecretPrefix, StringComparison.Ordinal) == true ? secret[SecretPrefix.Length..] : secret ?? string.Empty;
        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out var length) ? key[..length] : null;
    }
}

/// <summary>How text messages leave.</summary>
internal enum SmsTransport
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As files, for somebody else to send or to look at.</summary>
    File,

    /// <summary>To a service of yours or of a provider, by HTTP.</summary>
    Webhook,
}
