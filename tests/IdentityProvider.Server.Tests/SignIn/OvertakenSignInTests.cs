using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.SignIn;

/// <summary>A sign-in whose account is changed between the proof and the session.</summary>
public sealed class OvertakenSignInTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Password_that_is_reset_while_it_is_verified_gives_no_session(bool isReset)
    {
        var name = await server.AddPersonAsync();
        using var scope = server.Services.CreateScope();
        var services = scope.ServiceProvider;
        var account = (await services.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        var now = server.Clock.GetUtcNow();
        if (isReset)
        {
            var record = services.GetRequiredService<ChangeRecords>().Note("test", account.Id, remoteAddress: null);
            Assert.True(await services.GetRequiredService<IAccountRecoveryStore>().TrySetPasswordAsync(
                account, "hash", provesEmail: false, record, default));
        }

        var context = new DefaultHttpContext { RequestServices = services };
        await services.GetRequiredService<SignInDesk>().ProvedAsync(
            context, account, Proof.Password, new SignInPlace(Flow: null, ReturnUrl: null, AcrDemand.None), remember: false);

        Assert.Equal(isReset ? 0 : 1, (await services.GetRequiredService<ISessionStore>().ListAsync(account.Id, now, default)).Count);
        Assert.Equal(!isReset, context.Response.Headers.SetCookie.ToString().Contains("idp-session", StringComparison.Ordinal));
    }
}
