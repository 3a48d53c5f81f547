using System.Globalization;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Mail;

/// <summary>The mail server said no, or something that is no SMTP.</summary>
/// <param name="step">The command that was answered; never its argument.</param>
/// <param name="code">The reply's code (RFC 5321 §4.2), 0 when it had none.</param>
/// <param name="text">The reply's text; may hold the receiver's address, so it is not kept.</param>
/// <param name="concernsMail">Whether this mail was refused, and not the connection.</param>
internal sealed class SmtpReplyException(string step, int code, string text, bool concernsMail) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"the mail server answered {step} with {code} {EnhancedStatus(text)}").TrimEnd())
{
    public int Code { get; } = code;

    public bool ConcernsMail { get; } = concernsMail;

    /// <summary>The enhanced status code (RFC 3463), such as 5.1.1: it says why without saying who.</summary>
    private static string EnhancedStatus(string text)
    {
        var word = text.Split(' ')[0];
        return word.Length <= 11 && word.Count(c => c == '.') == 2 && word.All(c => char.IsAsciiDigit(c) || c == '.')
            ? LogHygiene.OneLine(word)
            : string.Empty;
    }
}
