using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Activity;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AccountDeletionContract(TestDatabase database)
{
    private IAccountStateStore States => database.Main.Get<IAccountStateStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Deleting_ends_sessions_and_grants_with_their_status_bits_and_leaves_others_alone()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session, "openid offline_access");
        var stranger = await database.AddSessionAsync();
        var theirs = await database.OpenGrantAsync(stranger);

        Assert.True(await States.TryDeleteAsync(session.Subject, farewell: null, Now, default));

        Assert.Equal(0, await database.CountAsync("accounts", $"id = '{session.Subject}'"));
        Assert.True(await database.IsRevokedAsync(grant));
        Assert.Equal(Now, (await database.ReadAsync(grant)).RevokedAt);
        var found = await database.Main.Get<ISessionStore>().FindAsync(session.Id, default);
        Assert.Equal((Now, false), (found!.Session.EndedAt, found.SubjectIsActive));
        Assert.False(await database.IsRevokedAsync(theirs));
        Assert.Equal(1, await database.CountAsync("accounts", $"id = '{stranger.Subject}'"));
    }

    [ContractFact]
    [Case(421)]
    public async Task Deleting_leaves_nothing_personal_but_the_id_of_events()
    {
        const string Mark = "marked-for-erasure";
        var subject = await database.AddAccountAsync(account =>
        {
            account.Email = Mark + "@example.com";
            account.NormalizedEmail = account.Email.ToUpperInvariant();
            account.Claims = $$"""{"name":"{{Mark}}"}""";
        });
        var session = Samples.Session(database, subject) with { UserAgent = Mark, RemoteAddress = Mark };
        await database.AddAsync(session);
        await database.Main.Get<IConsentStore>().AllowAsync(subject, Mark, ScopeSet.Of("openid"), Now, default);
        await database.Main.Get<IDeviceStore>().TryAddAsync(DeviceOf(subject, Mark), Samples.Record(database), default);
        await database.Main.Get<IOutboxStore>().AddAsync(MailOf(subject, Mark), default);
        await database.Main.Get<IAuditTrail>().AppendAsync(
            new AuditEvent { Type = AuditEventTypes.SignedIn, At = Now, Subject = subject, RemoteAddress = Mark, Detail = Mark }, default);

        Assert.True(await States.TryDeleteAsync(subject, farewell: null, Now.AddMinutes(1), default));

        Assert.Equal(0, await CountPersonalAsync(subject));
        var events = await database.Main.Get<IAccountActivity>().ListEventsAsync(subject, before: null, 10, default);
        Assert.Equal([AuditEventTypes.AccountDeleted, AuditEventTypes.SignedIn], events.Select(entry => entry.Event.Type));
        Assert.All(events, entry => Assert.Equal((null, null), (entry.Event.RemoteAddress, entry.Event.Detail)));
        var kept = await database.Main.Get<ISessionStore>().FindAsync(session.Id, default);
        Assert.Equal((null, null), (kept!.Session.UserAgent, kept.Session.RemoteAddress));
    }

    [ContractFact]
    public async Task Deleting_leaves_the_mail_that_tells_of_changes_to_be_sent()
    {
        var (subject, mark) = (await database.AddAccountAsync(), Guid.NewGuid().ToString("N"));
        await database.Main.Get<IOutboxStore>().AddAsync(MailOf(subject, mark + " mail"), default);
        await database.Main.Get<IOutboxStore>().AddAsync(MailOf(subject, mark + " notice") with { Kind = OutboxKinds.Notice }, default);

        Assert.True(await States.TryDeleteAsync(subject, farewell: null, Now, default));

        Assert.Equal(1, await database.CountAsync("outbox", $"payload LIKE '{mark}%'"));
        Assert.Equal(1, await database.CountAsync("outbox", $"payload = '{mark} notice' AND next_attempt_at IS NOT NULL"));
    }

    [ContractFact]
    public async Task Of_sixteen_that_delete_one_account_one_wins_and_its_farewell_is_queued()
    {
        var session = await database.AddSessionAsync();
        await database.OpenGrantAsync(session);
        var farewell = Guid.NewGuid().ToString("N");

        var outcomes = await Race.RunAsync(number => NodeOf(number).Get<IAccountStateStore>().TryDeleteAsync(
            session.Subject, MailOf(subject: null, $"{farewell} {number}"), Now, default));

        Assert.Equal(1, outcomes.Count(won => won));
        Assert.Equal(1, await database.CountAsync("outbox", $"payload = '{farewell} {Array.IndexOf(outcomes, true)}'"));
        Assert.Equal(1, await database.CountAsync("outbox", $"payload LIKE '{farewell}%'"));
        var events = await database.Main.Get<IAccountActivity>().ListEventsAsync(session.Subject, before: null, 10, default);
        Assert.Single(events);
    }

    [ContractFact]
    public async Task Who_signs_in_or_adds_to_an_account_while_it_is_deleted_is_refused_and_leaves_nothing()
    {
        for (var round = 0; round < 8; round++)
        {
            var subject = await database.AddAccountAsync();

            await Race.RunAsync(number => number == 7
                ? NodeOf(number).Get<IAccountStateStore>().TryDeleteAsync(subject, farewell: null, Now, default)
                : TryAddAsync(NodeOf(number), subject, number));

            Assert.Equal(0, await CountPersonalAsync(subject));
            for (var number = 0; number < 5; number++)
            {
                Assert.False(await TryAddAsync(database.Main, subject, number));
            }
        }
    }

    [ContractFact]
    public async Task Of_grants_that_open_while_the_account_is_deleted_none_stands()
    {
        var session = await database.AddSessionAsync();
        var grants = new List<Grant>();
        for (var i = 0; i < Race.Callers; i++)
        {
            grants.Add(await database.GrantAsync(session));
        }

        await Race.RunAsync(async number =>
        {
            var node = NodeOf(number);
            return number == 7
                ? await node.Get<IAccountStateStore>().TryDeleteAsync(session.Subject, farewell: null, Now, default)
                : await node.Get<IGrantStore>().TryOpenAsync(grants[number], consented: null, default) == GrantOpening.Opened;
        });

        var uses = await database.Main.Get<IAccountActivity>().ListClientsAsync(session.Subject, Now, default);
        Assert.DoesNotContain(uses, use => use.IsStanding);
        foreach (var grant in grants)
        {
            var stored = await database.Main.Get<IGrantStore>().FindAsync(grant.Id, default);
            Assert.Equal(stored is not null, await database.IsRevokedAsync(grant));
        }
    }

    [ContractFact]
    public async Task Whoever_is_not_there_is_not_deleted_and_told_nothing()
    {
        var farewell = Guid.NewGuid().ToString("N");

        Assert.False(await States.TryDeleteAsync(Guid.NewGuid().ToString("N"), MailOf(subject: null, farewell), Now, default));

        Assert.Equal(0, await database.CountAsync("outbox", $"payload = '{farewell}'"));
    }

    [ContractFact]
    public async Task An_account_that_is_disabled_stays_so_when_somebody_saves_what_they_read_before()
    {
        var id = await database.AddAccountAsync(account => account.ConcurrencyStamp = "read before");

        Assert.True(await States.TryDisableAsync(id, record: null, Now, default));

        Assert.NotEqual("read before", (await database.ReadAccountAsync(id)).ConcurrencyStamp);
    }

    private async Task<long> CountPersonalAsync(string subject) =>
        await database.CountAsync("accounts", $"id = '{subject}'")
        + await database.CountAsync("devices", $"account_id = '{subject}'")
        + await database.CountAsync("account_passkeys", $"account_id = '{subject}'")
        + await database.CountAsync("totp_authenticators", $"account_id = '{subject}'")
        + await database.CountAsync("recovery_codes", $"account_id = '{subject}'")
        + await database.CountAsync("account_logins", $"user_id = '{subject}'")
        + await database.CountAsync("consents", $"subject = '{subject}'")
        + await database.CountAsync("outbox", $"subject = '{subject}'");

    /// <summary>Leaves the stamp as it is, so that only the deletion can overtake.</summary>
    private static StampRenewal Same { get; } = new(string.Empty, string.Empty);

    private Node NodeOf(int number) => number % 2 == 0 ? database.Main : database.Other;

    /// <summary>What sign-in and account pages write beside the account, one kind after the other. Whether there is more of it now.</summary>
    private async Task<bool> TryAddAsync(Node node, string subject, int number)
    {
        switch (number % 5)
        {
            case 0:
                return await node.Get<IDeviceStore>().TryAddAsync(DeviceOf(subject, "a browser"), Samples.Record(database), default);
            case 1:
                return await node.Get<IPasskeyStore>().TryAddAsync(database.PasskeyOf(subject), Same.Known, 20, Samples.Record(database), default);
            case 2:
                return await node.Get<ITotpStore>().TryAddAsync(
                    new TotpAuthenticator(subject, "sealed", 1, Now, Now), [], Same, Samples.Record(database), default);
            case 3:
                return await node.Get<ILinkedIdentityStore>().TryAddAsync(
                    subject,
                    Same.Known,
                    new LinkedIdentity("elsewhere", Guid.NewGuid().ToString("N"), Label: null),
                    Samples.Record(database),
                    default);
            default:
                return await node.Get<IRecoveryCodeStore>().TryReplaceAsync(
                    subject, [RandomNumberGenerator.GetBytes(32)], Same, Samples.Record(database), default);
        }
    }

    private Device DeviceOf(string subject, string mark) => new()
    {
        Id = Guid.CreateVersion7(Now),
        AccountId = subject,
        SecretHash = Encoding.UTF8.GetBytes("0123456789abcdef0123456789abcdef"),
        CreatedAt = Now,
        LastSeenAt = Now,
        ExpiresAt = Now.AddDays(30),
        UserAgent = mark,
        RemoteAddress = mark,
    };

    private OutboxMessage MailOf(string? subject, string mark) => new()
    {
        Id = Guid.CreateVersion7(Now),
        Kind = OutboxKinds.Mail,
        Subject = subject,
        Payload = mark,
        CreatedAt = Now,
        NextAttemptAt = Now,
    };
}

public sealed class SqliteAccountDeletionTests(SqliteTestDatabase database)
    : AccountDeletionContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAccountDeletionTests(PostgreSqlTestDatabase database)
    : AccountDeletionContract(database), IClassFixture<PostgreSqlTestDatabase>;
