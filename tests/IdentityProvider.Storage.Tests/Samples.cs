using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests;

/// <summary>Sessions, grants and factors with safe defaults; a test mentions what it is about.</summary>
internal static class Samples
{
    public static Session Session(TestDatabase database, string subject) => new()
    {
        Id = Guid.CreateVersion7(database.Clock.Now),
        HandleHash = RandomNumberGenerator.GetBytes(32),
        Subject = subject,
        AuthTime = database.Clock.Now,
        Acr = "urn:idp:password",
        Amr = ["pwd", "otp"],
        CreatedAt = database.Clock.Now,
        LastSeenAt = database.Clock.Now,
        IdleExpiresAt = database.Clock.Now.AddHours(2),
        AbsoluteExpiresAt = database.Clock.Now.AddHours(12),
        UserAgent = "a browser",
        RemoteAddress = "192.0.2.7",
    };

    /// <summary>Begins the session of an account that there is.</summary>
    public static async Task AddAsync(this TestDatabase database, Session session)
    {
        var stamp = (await database.ReadAccountAsync(session.Subject)).SecurityStamp ?? string.Empty;
        Assert.True(await database.Main.Get<ISessionStore>().TryBeginAsync(session, stamp, CancellationToken.None));
    }

    public static async Task<Session> AddSessionAsync(this TestDatabase database, string? subject = null)
    {
        var session = Session(database, subject ?? await database.AddAccountAsync());
        await database.AddAsync(session);
        return session;
    }

    /// <summary>An account that is not stored yet, with a name of its own.</summary>
    public static Account NewAccount(TestDatabase database, string? email = null, string? name = null)
    {
        var account = Account.Create(name ?? Guid.NewGuid().ToString("N"), email, database.Clock.Now);
        account.NormalizedUserName = account.UserName!.ToUpperInvariant();
        account.NormalizedEmail = email?.ToUpperInvariant();
        account.SecurityStamp = Account.NewStamp();
        account.LockoutEnabled = true;
        return account;
    }

    /// <summary>An authenticator app that is not stored yet.</summary>
    public static TotpAuthenticator AppOf(this TestDatabase database, string accountId) =>
        new(accountId, "sealed", 10, database.Clock.Now, database.Clock.Now);

    /// <summary>A passkey that is not stored yet.</summary>
    public static Passkey PasskeyOf(this TestDatabase database, string accountId) => new()
    {
        Id = Guid.CreateVersion7(database.Clock.Now),
        CredentialId = RandomNumberGenerator.GetBytes(32),
        AccountId = accountId,
        Name = "laptop",
        PublicKey = RandomNumberGenerator.GetBytes(77),
        SignCount = 0,
        IsBackupEligible = false,
        IsBackedUp = false,
        CreatedAt = database.Clock.Now,
    };

    /// <summary>A grant that is not opened yet; its client is registered.</summary>
    public static async Task<Grant> GrantAsync(this TestDatabase database, Session session, string scope = "openid", string client = "shop")
    {
        var catalog = database.Main.Get<ICatalogStore>();
        if (catalog.Current.FindClient(client) is null)
        {
            await catalog.SaveAsync([new Client { ClientId = client }], [], [], database.Clock.Now, CancellationToken.None);
        }

        return new Grant
        {
            Id = Guid.CreateVersion7(database.Clock.Now),
            ClientId = client,
            Subject = session.Subject,
            SessionId = session.Id,
            Scope = ScopeSet.TryParse(scope)!,
            AuthTime = session.AuthTime,
            CreatedAt = database.Clock.Now,
            ExpiresAt = database.Clock.Now.AddHours(1),
            AbsoluteExpiresAt = database.Clock.Now.AddHours(12),
            Status = await database.Main.Get<IStatusListStore>().AllocateAsync(CancellationToken.None),
        };
    }

    public static async Task<Grant> OpenGrantAsync(
        this TestDatabase database, Session session, string scope = "openid", string client = "shop")
    {
        var grant = await database.GrantAsync(session, scope, client);
        Assert.Equal(GrantOpening.Opened, await database.Main.Get<IGrantStore>().TryOpenAsync(grant, consented: null, CancellationToken.None));
        return grant;
    }

    /// <summary>What a change leaves: an event of the type, and a mail with it as its payload.</summary>
    public static ChangeRecord Record(TestDatabase database, string type = "test") => new(
        new AuditEvent { Type = type, At = database.Clock.Now },
        [
            new OutboxMessage
            {
                Id = Guid.CreateVersion7(database.Clock.Now),
                Kind = OutboxKinds.Mail,
                Payload = type,
                CreatedAt = database.Clock.Now,
                NextAttemptAt = database.Clock.Now,
            },
        ]);

    /// <summary>What a test writes down.</summary>
    public static AuditEvent EntryAt(DateTimeOffset at, string type = "test") => new() { Type = type, At = at };

    public static Task RevokeAsync(this IGrantStore grants, Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        grants.RevokeAsync(id, EntryAt(at), cancellationToken);

    public static Task AllowAsync(
        this IConsentStore consents, string subject, string clientId, ScopeSet scope, DateTimeOffset at, CancellationToken cancellationToken) =>
        consents.AllowAsync(subject, clientId, scope, EntryAt(at), cancellationToken);

    public static Task WithdrawAsync(
        this IConsentStore consents, string subject, string clientId, DateTimeOffset at, CancellationToken cancellationToken) =>
        consents.WithdrawAsync(subject, clientId, EntryAt(at), cancellationToken);

    public static Task<bool> TryApproveAsync(
        this IDeviceAuthorizationStore devices, Guid id, string clientId, DeviceDecision.Approved approval, DateTimeOffset at,
        CancellationToken cancellationToken) =>
        devices.TryApproveAsync(id, clientId, approval, EntryAt(at), cancellationToken);

    public static Task<bool> TryDenyAsync(
        this IDeviceAuthorizationStore devices, Guid id, DateTimeOffset at, CancellationToken cancellationToken) =>
        devices.TryDenyAsync(id, EntryAt(at), cancellationToken);

    /// <summary>A new stamp for the account as it is.</summary>
    public static async Task<StampRenewal> RenewalAsync(this TestDatabase database, string id) =>
        StampRenewal.Of(await database.ReadAccountAsync(id));

    public static Task<bool> IsRevokedAsync(this TestDatabase database, Grant grant) =>
        database.Main.Get<IStatusListStore>().IsRevokedAsync(grant.Status, CancellationToken.None);

    public static async Task<Grant> ReadAsync(this TestDatabase database, Grant grant) =>
        await database.Main.Get<IGrantStore>().FindAsync(grant.Id, CancellationToken.None) ??
        throw new InvalidOperationException("the grant is gone");
}
