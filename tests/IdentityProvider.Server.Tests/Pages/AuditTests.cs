using IdentityProvider.Protocol.Audit;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class AuditTests : IDisposable
{
    private const string Password = "eleven green bottles standing";

    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(422)]
    public async Task What_a_person_does_on_our_pages_stands_in_the_audit_trail_once()
    {
        var client = _server.Register(TestClients.Public() with { RequireConsent = true });
        using var browser = _server.NewBrowser();
        await _server.RegisterAsync(browser, "new@example.com", Password);
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        await browser.GoAsync("/account/applications");
        await browser.SendFormAsync("[data-client] form");
        await browser.GoAsync("/account/password");
        await browser.SendFormAsync("#change-password", ("current", "wrong wrong wrong"), ("password", ServerFixture.Password));
        await browser.SendFormAsync("#change-password", ("current", Password), ("password", ServerFixture.Password));
        await browser.GoAsync("/signout");
        await browser.SendFormAsync("#signout", ("decision", "signout"));
        await browser.GoAsync("/signin");
        await browser.SignInAsync("nobody-of-that-name", Password);

        var subject = await SubjectAsync();
        var person = $"{subject}/-/no";
        Assert.Equal(
            [
                $"{AuditEventTypes.AccountCreated}/{person}",
                $"{AuditEventTypes.EmailConfirmed}/{person}",
                $"{AuditEventTypes.SignedIn}/{subject}/-/yes",
                $"{AuditEventTypes.ConsentGiven}/{subject}/{client.ClientId}/yes",
                $"{AuditEventTypes.ConsentWithdrawn}/{subject}/{client.ClientId}/yes",
                $"{AuditEventTypes.SignInFailed}/{person}",
                $"{AuditEventTypes.PasswordChanged}/{person}",
                $"{AuditEventTypes.SignedIn}/{subject}/-/yes",
                $"{AuditEventTypes.SignedOut}/{subject}/-/yes",
                $"{AuditEventTypes.SignInFailed}/-/-/no",
            ],
            await ReadAsync(
                $"SELECT type || '/' || coalesce(subject, '-') || '/' || coalesce(client_id, '-') || '/' || CASE WHEN session_id IS NULL THEN 'no' ELSE 'yes' END AS \"Value\" FROM audit_events WHERE type LIKE 'session.%' OR type LIKE 'consent.%' OR type LIKE 'account.%' ORDER BY at, rowid"));
    }

    private async Task<string> SubjectAsync() =>
        Assert.Single(await ReadAsync($"SELECT id AS \"Value\" FROM accounts WHERE user_name = 'new@example.com'"));

    private async Task<IReadOnlyList<string>> ReadAsync(FormattableString sql)
    {
        await using var context = await _server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        return await context.Database.SqlQuery<string>(sql).ToListAsync();
    }
}
