using AngleSharp.Html.Parser;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Mail;

public sealed class AccountMailTests : IDisposable
{
    private readonly ServerFixture _server = new();

    private IAccountMail Mail => _server.Services.GetRequiredService<IAccountMail>();

    private IOutboxStore Outbox => _server.Services.GetRequiredService<IOutboxStore>();

    [Fact]
    public async Task A_code_is_sealed_while_it_waits_and_gone_when_it_was_sent()
    {
        await _server.PauseDeliveriesAsync();
        await Mail.QueueAsync(new MailOrder(AccountMailKind.SignInCode) { Address = "alice@example.com", Code = "XK4T-99PB" }, default);

        var waiting = Assert.Single(await Outbox.ListAsync(OutboxState.Pending, 10, default));
        Assert.DoesNotContain("XK4T", waiting.Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("alice", waiting.Payload, StringComparison.Ordinal);
        var mail = await _server.Mails.NextAsync("alice@example.com");

        Assert.Equal("XK4T-99PB", mail.Code);
        Assert.Contains("XK4T-99PB", mail.Html, StringComparison.Ordinal);
        Assert.Null(Assert.Single(await Outbox.ListAsync(OutboxState.Delivered, 10, default)).Payload);
    }

    [Fact]
    public async Task A_mail_that_cannot_be_sent_is_tried_again_later_and_the_reason_is_kept()
    {
        await _server.PauseDeliveriesAsync();
        var problem = "no such host";
        _server.Mails.FailWith(() => problem);
        await Mail.QueueAsync(new MailOrder(AccountMailKind.SignInCode) { Address = "alice@example.com", Code = "1" }, default);

        await _server.Mails.DeliverAsync();
        var failed = Assert.Single(await Outbox.ListAsync(OutboxState.Pending, 10, default));
        Assert.Equal((1, "no such host"), (failed.Attempts, failed.LastError));
        problem = null;
        await _server.Mails.DeliverAsync();
        Assert.Empty(_server.Mails.Unread);
        _server.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("1", (await _server.Mails.NextAsync("alice@example.com")).Code);
    }

    [Fact]
    public async Task A_mail_that_fails_ten_times_is_given_up_and_an_expired_one_at_once()
    {
        await _server.PauseDeliveriesAsync();
        _server.Mails.FailWith(() => "no such host");
        await Mail.QueueAsync(new MailOrder(AccountMailKind.SignInCode) { Address = "alice@example.com", Code = "1" }, default);
        await Mail.QueueAsync(
            new MailOrder(AccountMailKind.SignInCode) { Address = "bob@example.com", Code = "2", ExpiresAt = _server.Clock.GetUtcNow() }, default);

        for (var attempt = 0; attempt < RetrySchedule.MaxAttempts; attempt++)
        {
            await _server.Mails.DeliverAsync();
            _server.Clock.Advance(TimeSpan.FromDays(1));
        }

        var dead = await Outbox.ListAsync(OutboxState.Dead, 10, default);
        Assert.Equal(
            [(1, "it expired before it could be sent"), (10, "no such host")],
            dead.Select(message => (message.Attempts, message.LastError!)).Order());
    }

    [Fact]
    public async Task A_name_that_nobody_has_gets_no_mail_and_counts_as_done()
    {
        await _server.PauseDeliveriesAsync();
        await Mail.QueueAsync(new MailOrder(AccountMailKind.PasswordReset) { TypedName = "nobody@example.com" }, default);
        await Mail.QueueAsync(new MailOrder(AccountMailKind.PasswordReset) { TypedName = "bob" }, default);

        await _server.Mails.DeliverAsync();

        Assert.Empty(_server.Mails.Unread);
        Assert.Equal(2, (await Outbox.ListAsync(OutboxState.Delivered, 10, default)).Count);
    }

    [Fact]
    [Case(304)]
    public async Task What_people_chose_is_text_and_never_markup()
    {
        const string Name = "<a href=\"https://evil.example\">Click</a>\r\nBcc: x";
        using var scope = _server.Services.CreateScope();
        var alice = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync("alice"))!;

        var records = _server.Services.GetRequiredService<ChangeRecords>();
        await records.AddAsync(
            records.Tell(AuditEventTypes.PasskeyAdded, AccountMailKind.PasskeyAdded, alice, remoteAddress: null, subject: Name), default);

        var mail = await _server.Mails.NextAsync("alice@example.com");
        Assert.Equal("A passkey was added", mail.Subject);
        Assert.DoesNotContain("<a", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;a href=", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", mail.Html.Replace("https://id.example", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_addresses_are_told_of_a_new_one()
    {
        using var scope = _server.Services.CreateScope();
        var alice = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync("alice"))!;

        var records = _server.Services.GetRequiredService<ChangeRecords>();
        await records.AddAsync(records.TellEmailChanged(alice, "new@example.com", remoteAddress: null), default);

        Assert.Contains("new@example.com", (await _server.Mails.NextAsync("alice@example.com")).Text, StringComparison.Ordinal);
        Assert.Contains("new@example.com", (await _server.Mails.NextAsync("new@example.com")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_is_told_though_the_account_is_gone_when_the_mail_is_sent(bool isDeleted)
    {
        await _server.PauseDeliveriesAsync();
        var name = await _server.AddPersonAsync(account => account.Email = "old@example.com");
        using var scope = _server.Services.CreateScope();
        var account = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        var (records, states) = (_server.Services.GetRequiredService<ChangeRecords>(), _server.Services.GetRequiredService<IAccountStateStore>());
        await records.AddAsync(records.TellEmailChanged(account, "thief@example.com", remoteAddress: null), default);
        await Mail.QueueAsync(new MailOrder(AccountMailKind.PasswordReset) { AccountId = account.Id, Address = "old@example.com" }, default);

        Assert.True(isDeleted
            ? await states.TryDeleteAsync(account.Id, farewell: null, _server.Clock.GetUtcNow(), default)
            : await states.TryDisableAsync(account.Id, record: null, _server.Clock.GetUtcNow(), default));

        Assert.Contains("thief@example.com", (await _server.Mails.NextAsync("old@example.com")).Text, StringComparison.Ordinal);
        Assert.Equal("thief@example.com", Assert.Single(_server.Mails.Unread).To);
    }

    [Fact]
    public async Task Every_kind_has_its_words_in_text_and_html_and_loads_nothing()
    {
        await _server.PauseDeliveriesAsync();
        using var scope = _server.Services.CreateScope();
        var alice = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync("alice"))!;
        foreach (var kind in Enum.GetValues<AccountMailKind>())
        {
            await Mail.QueueAsync(
                new MailOrder(kind) { AccountId = alice.Id, Address = "alice@example.com", Subject = "the subject", Link = "/somewhere?token=abc" }, default);

            var mail = await _server.Mails.NextAsync("alice@example.com", kind == AccountMailKind.NewDevice ? "A new device signed in" : null);
            Assert.NotEmpty(mail.Subject);
            Assert.DoesNotContain("{", mail.Subject + mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(kind + ".", mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("url(", mail.Html, StringComparison.Ordinal);
            Assert.All(
                new HtmlParser().ParseDocument(mail.Html).QuerySelectorAll("a[href]"),
                link => Assert.Equal("https://id.example/somewhere?token=abc", link.GetAttribute("href")));
        }
    }

    [Fact]
    public async Task Without_a_transport_nothing_is_queued()
    {
        using var server = ServerFixture.With("""{ "Mail": { "transport": "none" } }""");
        var mail = server.Services.GetRequiredService<IAccountMail>();

        await mail.QueueAsync(new MailOrder(AccountMailKind.SignInCode) { Address = "alice@example.com", Code = "1" }, default);

        Assert.False(mail.IsAvailable);
        Assert.Empty(await server.Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Any, 10, default));
    }

    [Fact]
    public async Task Sent_mail_is_shown_in_development_only()
    {
        Assert.Equal(404, (await _server.GetAsync("/dev/mail")).Status);
        Assert.Equal(404, (await _server.GetAsync("/dev/mail/1")).Status);
        Assert.Equal(404, (await _server.GetAsync("/dev/mail/1/html")).Status);
    }

    public void Dispose() => _server.Dispose();
}
