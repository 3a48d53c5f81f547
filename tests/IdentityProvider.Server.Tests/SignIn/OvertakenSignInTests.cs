using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.SignIn;

/// <summary>A sign-in whose account is changed between the proof and the session.</summary>
public sealed class OvertakenSignInTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly SignInPlace Place = new(Flow: null, ReturnUrl: null, AcrDemand.None);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Password_that_is_reset_while_it_is_verified_gives_no_session(bool isReset)
    {
        var name = await server.AddPersonAsync();
        using var scope = server.Services.CreateScope();
        var services = scope.ServiceProvider;
        var account = await ReadAsync(services, name, isReset);

        var context = new DefaultHttpContext { RequestServices = services };
        await services.GetRequiredService<SignInDesk>().ProvedAsync(context, account, Proof.Password, Place, remember: false);

        await AssertSignedInAsync(!isReset, services, account, context);
    }

    // What the page does: whoever knows the old password is half signed in there, and must not get in with a factor of their own after the reset.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Case(295)]
    public async Task App_that_is_set_up_on_the_way_in_while_the_password_is_reset_is_none_and_gives_no_session(bool isReset)
    {
        var name = await server.AddPersonAsync();
        using var scope = server.Services.CreateScope();
        var services = scope.ServiceProvider;
        var account = await ReadAsync(services, name, isReset);
        var half = new HalfSignIn(
            account, services.GetRequiredService<HalfSignIns>().Begin(account, Place, [Proof.Password]), new SignInStep.SetUp([SignInMethods.Totp], false));
        var secrets = services.GetRequiredService<TotpSecrets>();
        var offer = secrets.NewOffer(account.Id);
        var code = Totp.Compute(secrets.OpenOffer(account.Id, offer)!, Totp.StepOf(server.Clock.GetUtcNow()));

        var context = new DefaultHttpContext { RequestServices = services };
        var codes = await services.GetRequiredService<SecondFactorChange>().TryAddTotpAsync(account, offer, code, remoteAddress: null, default);
        await services.GetRequiredService<SignInDesk>().ProvedAsync(context, half, Proof.Totp, Place, trustDevice: false);

        Assert.Equal(isReset, codes is null);
        Assert.Equal(isReset, await services.GetRequiredService<ITotpStore>().FindAsync(account.Id, default) is null);
        Assert.Equal(isReset ? 0 : 10, await services.GetRequiredService<IRecoveryCodeStore>().CountAsync(account.Id, default));
        await AssertSignedInAsync(!isReset, services, account, context);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Case(295)]
    public async Task Session_that_is_renewed_after_the_password_was_changed_does_not_outlive_a_reset(bool isReset)
    {
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);
        using var scope = server.Services.CreateScope();
        var services = scope.ServiceProvider;
        var account = (await services.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        var old = Assert.Single(await services.GetRequiredService<ISessionStore>().ListAsync(account.Id, server.Clock.GetUtcNow(), default));
        var changed = Assert.IsType<PasswordChangeOutcome.Changed>(await services.GetRequiredService<PasswordChange>().ChangeAsync(
            account.Id, ServerFixture.Password, "a much better passphrase", remoteAddress: null, default));
        using var later = server.Services.CreateScope();
        await ReadAsync(later.ServiceProvider, name, isReset);

        var context = new DefaultHttpContext { RequestServices = services };
        await services.GetRequiredService<SignInDesk>().RenewAsync(context, old, changed.Stamp);

        Assert.Equal(isReset ? 0 : 1, (await services.GetRequiredService<ISessionStore>().ListAsync(account.Id, server.Clock.GetUtcNow(), default)).Count);
        Assert.Equal(!isReset, context.Response.Headers.SetCookie.ToString().Contains("idp-session", StringComparison.Ordinal));
    }

    // A page that changes factors has read the session, then the account. A reset in between has ended the session, but the account is as it is known.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Case(295)]
    public async Task Session_that_a_reset_ended_after_it_was_read_is_no_fresh_proof(bool isReset)
    {
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);
        using var scope = server.Services.CreateScope();
        var services = scope.ServiceProvider;
        var context = new DefaultHttpContext { RequestServices = services, Request = { Scheme = "https" } };
        context.Request.Headers.Cookie = string.Join("; ", browser.Cookies.GetAllCookies().Select(cookie => $"{cookie.Name}={cookie.Value}"));
        var session = await services.GetRequiredService<BrowserSession>().ReadAsync(context, default);
        Assert.NotNull(session);
        await ReadAsync(services, name, isReset);

        Assert.Equal(!isReset, await services.GetRequiredService<AccountGuard>().FindFreshAsync(context, level: 1) is not null);
        Assert.Equal(!isReset, await services.GetRequiredService<PasskeyGuard>().IsFreshAsync(session, default));
    }

    /// <summary>The account as a request has read it; its password is reset after that.</summary>
    private static async Task<Account> ReadAsync(IServiceProvider services, string name, bool isReset)
    {
        var account = (await services.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        if (isReset)
        {
            var record = services.GetRequiredService<ChangeRecords>().Note("test", account.Id, remoteAddress: null);
            Assert.True(await services.GetRequiredService<IAccountRecoveryStore>().TrySetPasswordAsync(
                account, "hash", Account.NewStamp(), provesEmail: false, record, default));
        }

        return account;
    }

    private async Task AssertSignedInAsync(bool isSignedIn, IServiceProvider services, Account account, HttpContext context)
    {
        var sessions = await services.GetRequiredService<ISessionStore>().ListAsync(account.Id, server.Clock.GetUtcNow(), default);
        Assert.Equal(isSignedIn ? 1 : 0, sessions.Count);
        Assert.Equal(sessions.Count, (await services.GetRequiredService<IDeviceStore>().ListAsync(account.Id, server.Clock.GetUtcNow(), default)).Count);
        Assert.Equal(isSignedIn, context.Response.Headers.SetCookie.ToString().Contains("idp-session", StringComparison.Ordinal));
    }
}
