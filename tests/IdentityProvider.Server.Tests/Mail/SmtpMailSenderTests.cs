using System.Text;
using IdentityProvider.Server.Mail;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Mail;

public sealed class SmtpMailSenderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-smtp-");

    [Fact]
    public async Task A_mail_goes_over_starttls_after_the_certificate_was_checked()
    {
        await using var server = new FakeSmtpServer();

        var attempt = await SendAsync(server, options => options.CaFile = Authority(server));

        Assert.Equal(MailAttempt.Taken, attempt);
        Assert.Equal(
            ["-EHLO id.example", "-STARTTLS", "+EHLO id.example", "+MAIL FROM:<no-reply@id.example>", "+RCPT TO:<alice@example.com>", "+DATA", "+QUIT"],
            server.Lines);
        var mail = Assert.Single(server.Mails);
        Assert.Contains("\r\nSubject: Hello\r\n", mail, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("Text"u8), mail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_from_the_first_byte_is_spoken_when_asked_for()
    {
        await using var server = new FakeSmtpServer { Implicit = true };

        var attempt = await SendAsync(server, options => (options.Tls, options.CaFile) = (SmtpTls.Implicit, Authority(server)));

        Assert.Equal(MailAttempt.Taken, attempt);
        Assert.All(server.Lines, line => Assert.StartsWith("+", line, StringComparison.Ordinal));
        Assert.DoesNotContain("+STARTTLS", server.Lines);
    }

    [Fact]
    [Case(305)]
    public async Task A_server_whose_certificate_is_not_trusted_gets_nothing()
    {
        await using var server = new FakeSmtpServer();

        var attempt = await SendAsync(server, options => { });

        Assert.Contains("could not prove who it is", attempt.Problem, StringComparison.Ordinal);
        Assert.False(attempt.IsHopeless);
        Assert.DoesNotContain(server.Lines, line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    [Case(305)]
    public async Task A_certificate_for_another_name_is_not_taken()
    {
        await using var server = new FakeSmtpServer();

        var attempt = await SendAsync(server, options => (options.Host, options.CaFile) = ("127.0.0.1", Authority(server)));

        Assert.Contains("could not prove who it is", attempt.Problem, StringComparison.Ordinal);
    }

    [Fact]
    [Case(305)]
    public async Task A_server_without_starttls_gets_nothing()
    {
        await using var server = new FakeSmtpServer { OffersStartTls = false };

        var attempt = await SendAsync(server, options => options.CaFile = Authority(server));

        Assert.Equal("the mail server answered STARTTLS with 502 5.5.1", attempt.Problem);
        Assert.DoesNotContain(server.Lines, line => line.Contains("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    [Case(305)]
    public async Task What_is_slipped_in_behind_the_answer_to_starttls_ends_the_exchange()
    {
        await using var server = new FakeSmtpServer { BehindStartTls = "250 as if it were protected" };

        var attempt = await SendAsync(server, options => options.CaFile = Authority(server));

        Assert.NotNull(attempt.Problem);
        Assert.Empty(server.Mails);
    }

    [Theory]
    [InlineData("PLAIN LOGIN", "+AUTH PLAIN AG1haWxlcgBzZWNyZXQ=")]
    [InlineData("LOGIN", "+AUTH LOGIN", "+bWFpbGVy", "+c2VjcmV0")]
    public async Task It_signs_in_over_tls(string mechanisms, params string[] expected)
    {
        await using var server = new FakeSmtpServer { Mechanisms = mechanisms };

        var attempt = await SendAsync(
            server, options => (options.CaFile, options.UserName, options.Password) = (Authority(server), "mailer", "secret"));

        Assert.Equal(MailAttempt.Taken, attempt);
        Assert.Equal(expected, server.Lines.Skip(3).Take(expected.Length));
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 <alice@example.com> unknown", true, "the mail server answered RCPT with 550 5.1.1")]
    [InlineData("RCPT", "451 4.7.1 greylisted", false, "the mail server answered RCPT with 451 4.7.1")]
    [InlineData("MAIL", "550 not you", false, "the mail server answered MAIL with 550")]
    [InlineData("EHLO", "what?", false, "the mail server answered EHLO with 0")]
    public async Task A_refusal_of_this_mail_for_good_is_not_tried_again_and_its_text_is_not_kept(string verb, string reply, bool hopeless, string problem)
    {
        await using var server = new FakeSmtpServer();
        server.Replies[verb] = reply;

        var attempt = await SendAsync(server, options => options.CaFile = Authority(server));

        Assert.Equal((problem, hopeless), (attempt.Problem, attempt.IsHopeless));
    }

    [Fact]
    public async Task No_server_is_a_problem_and_no_exception()
    {
        var server = new FakeSmtpServer();
        await server.DisposeAsync();
        var options = new MailOptions { Transport = MailTransport.Smtp, From = "no-reply@id.example", Host = "localhost", Port = 1, Tls = SmtpTls.None };

        var attempt = await new SmtpMailSender(Options.Create(options), new SmtpTrust(Options.Create(options))).SendAsync(Mail(), default);

        Assert.Equal("no exchange with the mail server: SocketException", attempt.Problem);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<MailAttempt> SendAsync(FakeSmtpServer server, Action<MailOptions> change)
    {
        var options = new MailOptions { Transport = MailTransport.Smtp, From = "no-reply@id.example", Host = "localhost", Port = server.Port };
        change(options);
        Assert.Empty(options.Validate());
        return new SmtpMailSender(Options.Create(options), new SmtpTrust(Options.Create(options))).SendAsync(Mail(), default);
    }

    private string Authority(FakeSmtpServer server)
    {
        var path = Path.Combine(_folder.FullName, "ca.pem");
        File.WriteAllText(path, server.AuthorityPem, Encoding.ASCII);
        return path;
    }

    private static MailMessage Mail() => new()
    {
        From = "no-reply@id.example",
        To = "alice@example.com",
        Subject = "Hello",
        Text = "Text",
        Html = "<p>Text</p>",
        Language = "en",
        Date = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero),
        Id = "1@id.example",
    };
}
