using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Closing;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Testing;
using IdentityProvider.Testing.Passkeys;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Accounts;

/// <summary>A change of an account that its person is told of afterwards.</summary>
/// <param name="Kind">The mail.</param>
/// <param name="Event">What stands in the history.</param>
/// <param name="PrepareAsync">Brings the account to where the change can be made; answers with the change itself.</param>
internal sealed record ToldChange(AccountMailKind Kind, string Event, Func<Actor, Task<Func<Actor, Task>>> PrepareAsync)
{
    private static readonly UpstreamIdentity Elsewhere = new()
    {
        Provider = new UpstreamProvider { Id = "acme", Issuer = "https://acme.example", DisplayName = "Acme" },
        Subject = "set for each account",
        Claims = new Dictionary<string, string>(StringComparer.Ordinal),
    };

    /// <summary>Whether whoever else got in must be out with it.</summary>
    public bool EndsSessions => Kind is AccountMailKind.PasswordChanged or AccountMailKind.AccountDisabled or AccountMailKind.AccountDeleted;

    /// <summary>All ways to all of them.</summary>
    public static IReadOnlyList<ToldChange> All { get; } =
    [
        new(AccountMailKind.PasswordChanged, AuditEventTypes.PasswordChanged, Now(async actor => Assert.IsType<PasswordChangeOutcome.Changed>(
            await actor.Get<PasswordChange>().ChangeAsync(actor.Id, ServerFixture.Password, "a much better passphrase", "192.0.2.7", default)))),
        new(AccountMailKind.PasswordChanged, AuditEventTypes.PasswordReset, Now(async actor => Assert.IsType<PasswordResetOutcome.Done>(
            await actor.Get<PasswordReset>().ResetAsync(
                await LinkAsync(actor, AccountLinkPurpose.ResetPassword), "a much better passphrase", "192.0.2.7", default)))),
        new(AccountMailKind.EmailChanged, AuditEventTypes.EmailChanged, Now(async actor => Assert.True(
            await actor.Get<EmailConfirmation>().TryConfirmAsync(
                await LinkAsync(actor, AccountLinkPurpose.ChangeEmail, $"new-{actor.Id}@example.com"), provedAccountId: null, "192.0.2.7", default)))),
        new(AccountMailKind.PasskeyAdded, AuditEventTypes.PasskeyAdded, Now(AddPasskeyAsync)),
        new(AccountMailKind.PasskeyRemoved, AuditEventTypes.PasskeyRemoved, async before =>
        {
            await AddPasskeyAsync(before);
            var passkey = Assert.Single(await before.Get<PasskeyBook>().ListAsync(before.Id, default));
            return async actor => Assert.IsType<PasskeyRemoval.Removed>(
                await actor.Get<PasskeyBook>().RemoveAsync(actor.Id, passkey.Id, "192.0.2.7", default));
        }),
        new(AccountMailKind.PasskeySuspected, AuditEventTypes.PasskeySuspected, async before =>
        {
            var authenticator = await AddPasskeyAsync(before);
            return async actor =>
            {
                authenticator.SignCount = 1;
                var challenge = await actor.Get<PasskeyCeremonies>().BeginAssertionAsync();
                Assert.IsType<PasskeySignInOutcome.Suspected>(await actor.Get<PasskeySignIn>().SignInAsync(
                    challenge.State, authenticator.Get(JsonElement.Parse(challenge.Options)), expected: null, "192.0.2.7", default));
            };
        }),
        new(AccountMailKind.SecondFactorAdded, AuditEventTypes.SecondFactorAdded, Now(AddAppAsync)),
        new(AccountMailKind.SecondFactorAdded, AuditEventTypes.SecondFactorAdded, Now(AddTelephoneAsync)),
        new(AccountMailKind.SecondFactorRemoved, AuditEventTypes.SecondFactorRemoved, After(AddAppAsync, async actor => Assert.True(
            await actor.Get<SecondFactorChange>().TryRemoveTotpAsync(await actor.ReadAsync(), "192.0.2.7", default)))),
        new(AccountMailKind.SecondFactorRemoved, AuditEventTypes.SecondFactorRemoved, After(AddTelephoneAsync, async actor => Assert.True(
            await actor.Get<TelephoneChange>().TryRemoveAsync(await actor.ReadAsync(), "192.0.2.7", default)))),
        new(AccountMailKind.RecoveryCodesMade, AuditEventTypes.RecoveryCodesMade, After(AddAppAsync, async actor => Assert.NotNull(
            await actor.Get<SecondFactorChange>().TryRenewRecoveryCodesAsync(await actor.ReadAsync(), "192.0.2.7", default)))),
        new(AccountMailKind.RecoveryCodeUsed, AuditEventTypes.RecoveryCodeUsed, async before =>
        {
            var codes = await AddAppAsync(before);
            return async actor => Assert.IsType<SecondFactorOutcome.Proved>(await actor.Get<SecondFactorCheck>().CheckRecoveryCodeAsync(
                await actor.ReadAsync(), codes[0], new CodeOrigin("192.0.2.7", DeviceId: null), default));
        }),
        new(AccountMailKind.NewDevice, AuditEventTypes.DeviceAdded, After(SignInElsewhereAsync, SignInElsewhereAsync)),
        new(AccountMailKind.ProviderLinked, AuditEventTypes.ProviderLinked, Now(LinkElsewhereAsync)),
        new(AccountMailKind.ProviderUnlinked, AuditEventTypes.ProviderUnlinked, After(LinkElsewhereAsync, async actor => Assert.Equal(
            UnlinkOutcome.Unlinked,
            await actor.Get<UpstreamLinks>().UnlinkAsync(
                await actor.ReadAsync(), Elsewhere.Provider.Id, IdentityOf(actor).Key, "192.0.2.7", default)))),
        new(AccountMailKind.DataExported, AuditEventTypes.AccountExported, Now(async actor => Assert.NotNull(
            await actor.Get<AccountExport>().MakeAsync(actor.Id, "192.0.2.7", default)))),
        new(AccountMailKind.AccountDisabled, AuditEventTypes.AccountDisabled, Now(async actor => Assert.True(
            await actor.Get<AccountClosing>().TryDisableAsync(actor.Id, "en", "192.0.2.7", default)))),
        new(AccountMailKind.AccountDeleted, AuditEventTypes.AccountDeleted, Now(async actor => Assert.True(
            await actor.Get<AccountClosing>().TryDeleteAsync(actor.Id, "en", default)))),
    ];

    public override string ToString() => $"{Event} ({Kind})";

    private static Func<Actor, Task<Func<Actor, Task>>> Now(Func<Actor, Task> change) => _ => Task.FromResult(change);

    private static Func<Actor, Task<Func<Actor, Task>>> After(Func<Actor, Task> first, Func<Actor, Task> change) => async before =>
    {
        await first(before);
        return change;
    };

    private static async Task<string> LinkAsync(Actor actor, AccountLinkPurpose purpose, string? email = null) =>
        actor.Get<AccountLinks>().Make(purpose, await actor.ReadAsync(), email, AccountLinks.ShortLifetime);

    private static async Task<SoftwareAuthenticator> AddPasskeyAsync(Actor actor)
    {
        var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        var challenge = (await actor.Get<PasskeyBook>().BeginAsync(actor.Id, "Person", "Service", default))!;
        Assert.IsType<PasskeyAddition.Added>(await actor.Get<PasskeyBook>().AddAsync(
            actor.Id, challenge.State, authenticator.Create(JsonElement.Parse(challenge.Options)), "laptop", "192.0.2.7", default));
        return authenticator;
    }

    private static async Task<IReadOnlyList<string>> AddAppAsync(Actor actor)
    {
        var offer = actor.Get<TotpSecrets>().NewOffer(actor.Id);
        var code = Totp.Compute(actor.Get<TotpSecrets>().OpenOffer(actor.Id, offer)!, Totp.StepOf(actor.Get<TimeProvider>().GetUtcNow()));
        var codes = await actor.Get<SecondFactorChange>().TryAddTotpAsync(await actor.ReadAsync(), offer, code, "192.0.2.7", default);
        Assert.NotNull(codes);
        return codes;
    }

    private static async Task AddTelephoneAsync(Actor actor) =>
        Assert.True(await actor.Get<TelephoneChange>().TrySetAsync(await actor.ReadAsync(), "+4915112345678", "192.0.2.7", default));

    private static async Task SignInElsewhereAsync(Actor actor) => Assert.True(await actor.Get<KnownDevices>().TryRememberAsync(
        new DefaultHttpContext { Request = { Scheme = "https" } }, await actor.ReadAsync(), trust: false, default));

    private static async Task LinkElsewhereAsync(Actor actor) =>
        Assert.True(await actor.Get<UpstreamLinks>().TryLinkAsync(await actor.ReadAsync(), IdentityOf(actor), "192.0.2.7", default));

    private static UpstreamIdentity IdentityOf(Actor actor) => Elsewhere with { Subject = actor.Id };
}

/// <summary>Somebody who changes an account: one request's worth of services.</summary>
internal sealed class Actor(IServiceProvider services, string id)
{
    public string Id => id;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<Account> ReadAsync() => (await Get<UserManager<Account>>().FindByIdAsync(id))!;
}
