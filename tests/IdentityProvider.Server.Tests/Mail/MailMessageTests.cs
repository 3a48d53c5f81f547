using System.Text;
using IdentityProvider.Server.Mail;

namespace IdentityProvider.Server.Tests.Mail;

public sealed class MailMessageTests
{
    public static TheoryData<string> BreakingValues =>
    [
        "Hello\r\nBcc: everybody@example.com", "Hello\nBcc: everybody@example.com", "Hello\r\rX: y", "Hello\u2028X: y", "Hello\0", "=?utf-8?Q?=0D=0ABcc:_x?=",
        "\"quoted\" <other@example.com>", "ünïcödé " + new string('ß', 200),
    ];

    [Theory]
    [MemberData(nameof(BreakingValues))]
    [Case(368)]
    [Case(304)]
    public void Whatever_a_subject_or_name_holds_stays_one_header_and_reads_the_same(string value)
    {
        var headers = Headers(Mail() with { Subject = value, FromName = value });

        Assert.Equal(
            ["Date", "From", "To", "Subject", "Message-ID", "Content-Language", "Auto-Submitted", "MIME-Version", "Content-Type"],
            headers.Select(header => header.Name));
        Assert.Equal(value, Decode(headers[3].Value));
        Assert.Equal(value, Decode(headers[1].Value[..headers[1].Value.LastIndexOf('<')].TrimEnd()));
        Assert.EndsWith(" <no-reply@id.example>", headers[1].Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alice@example.com, eve@example.com")]
    [InlineData("alice@example.com\r\nBcc: eve@example.com")]
    [InlineData("alice@example.com>\r\nRCPT TO:<eve@example.com")]
    [InlineData("\"eve@example.com \"@example.com")]
    [InlineData("alice@example.com eve@example.com")]
    [InlineData("group:alice@example.com;")]
    [InlineData("alice@example.com@eve.example")]
    [InlineData("<alice@example.com>")]
    [InlineData("alice(eve@example.com)@example.com")]
    [InlineData("älice@example.com")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("")]
    [Case(296)]
    [Case(368)]
    public void What_is_not_exactly_one_address_is_never_written_to(string address)
    {
        Assert.False(MimeText.IsAddress(address));
        Assert.Throws<InvalidOperationException>(() => (Mail() with { To = address }).ToBytes());
        Assert.Throws<InvalidOperationException>(() => (Mail() with { ReplyTo = address }).ToBytes());
    }

    [Theory]
    [InlineData("alice@example.com")]
    [InlineData("alice.o'neil+tag@mail.example.com")]
    [InlineData("no-reply@localhost")]
    public void Ordinary_addresses_are_taken(string address)
    {
        Assert.True(MimeText.IsAddress(address));
        Assert.Equal(address, new System.Net.Mail.MailAddress(address).Address);
    }

    [Fact]
    public void A_body_can_neither_end_the_mail_nor_its_part()
    {
        const string Text = "first\r\n.\r\nMAIL FROM:<eve@example.com>\r\n--=_\r\n";

        var mail = Encoding.ASCII.GetString((Mail() with { Text = Text }).ToBytes());

        Assert.DoesNotContain(mail.Split("\r\n"), line => line.StartsWith('.'));
        Assert.DoesNotContain("MAIL FROM", mail, StringComparison.Ordinal);
        Assert.All(mail.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.DoesNotContain('\n', mail.Replace("\r\n", string.Empty, StringComparison.Ordinal));
    }

    private static MailMessage Mail() => new()
    {
        From = "no-reply@id.example",
        FromName = "Service",
        To = "alice@example.com",
        Subject = "Hello",
        Text = "Text",
        Html = "<p>Text</p>",
        Language = "en",
        Date = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        Id = "1@id.example",
    };

    /// <summary>As a receiver reads them: unfolded (RFC 5322 §2.2.3), each line one header.</summary>
    private static List<(string Name, string Value)> Headers(MailMessage mail)
    {
        var text = Encoding.ASCII.GetString(mail.ToBytes());
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal);
        return [.. head.Split("\r\n").Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]))];
    }

    /// <summary>RFC 2047, as receivers do it: blanks between encoded words are nothing.</summary>
    private static string Decode(string value) => value.StartsWith("=?utf-8?B?", StringComparison.Ordinal)
        ? Encoding.UTF8.GetString([.. value.Split(' ').SelectMany(word => Convert.FromBase64String(word["=?utf-8?B?".Length..^2]))])
        : value;
}
