using System.Globalization;
using System.Text;
using IdentityProvider.Accounts.SignUp;

namespace IdentityProvider.Server.Mail;

/// <summary>
/// Text in the headers and bodies of a mail. Whatever a value holds, it stays one value: what is not plain ASCII is encoded (RFC 2047), line
/// breaks included, so no name or subject can begin a header of its own.
/// </summary>
internal static class MimeText
{
    /// <summary>Bytes of an encoded word: 75 characters (RFC 2047 §2) less <c>=?utf-8?B??=</c>, in whole groups of base64.</summary>
    private const int BytesPerWord = 45;

    private const int LineLength = 76;

    /// <summary>Whether it can stand in an envelope and a header as it is.</summary>
    public static bool IsAddress(string value) => SignUpDrafts.IsEmail(value);

    /// <summary>A value of an unstructured header, or a display name: as it is where it is plain, else as encoded words.</summary>
    public static string Encode(string value)
    {
        if (value.Length <= 60 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '\'' or '!'))
        {
            return value;
        }

        var words = new StringBuilder();
        var bytes = new List<byte>(BytesPerWord);
        Span<byte> utf8 = stackalloc byte[4];

        // RFC 2047 §5: a character is not split between two words.
        foreach (var rune in value.EnumerateRunes())
        {
            var length = rune.EncodeToUtf8(utf8);
            if (bytes.Count + length > BytesPerWord)
            {
                Flush(words, bytes);
            }

            bytes.AddRange(utf8[..length]);
        }

        Flush(words, bytes);
        return words.ToString();
    }

    /// <summary>A name with an address.</summary>
    public static string Mailbox(string? name, string address) =>
        string.IsNullOrEmpty(name) ? address : $"{Encode(name)} <{address}>";

    /// <summary>RFC 5322 §3.3.</summary>
    public static string Date(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    /// <summary>A body as base64 in lines: no line of it can look like anything else, the dot that ends an SMTP message included.</summary>
    public static void AppendBase64(StringBuilder target, string text)
    {
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
        for (var i = 0; i < encoded.Length; i += LineLength)
        {
            target.Append(encoded, i, Math.Min(LineLength, encoded.Length - i)).Append("\r\n");
        }
    }

    private static void Flush(StringBuilder words, List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            return;
        }

        words.Append(words.Length == 0 ? string.Empty : "\r\n ")
            .Append("=?utf-8?B?").Append(Convert.ToBase64String([.. bytes])).Append("?=");
        bytes.Clear();
    }
}
