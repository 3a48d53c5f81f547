using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Storage.Cleanup;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class OutboxStoreContract(TestDatabase database)
{
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    private IOutboxStore Outbox => database.Main.Get<IOutboxStore>();

    private IOutboxStore OutboxOfOther => database.Other.Get<IOutboxStore>();

    private ISessionStore Sessions => database.Main.Get<ISessionStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Ending_a_session_queues_one_notice_for_each_of_its_clients_that_wants_one()
    {
        var told = await AddClientAsync();
        var also = await AddClientAsync();
        var silent = await AddClientAsync(client => client with { BackchannelLogoutUri = null });
        var disabled = await AddClientAsync(client => client with { Enabled = false });
        var stranger = await AddClientAsync();
        var session = await database.AddSessionAsync();
        foreach (var client in new[] { told, told, also, silent, disabled })
        {
            await database.OpenGrantAsync(session, client: client);
        }

        await database.OpenGrantAsync(await database.AddSessionAsync(session.Subject), client: stranger);

        await Sessions.EndAsync(session.Id, Now, default);

        var queued = await OfAsync(session);
        Assert.Equal(new[] { told, also }.Order(StringComparer.Ordinal), queued.Select(message => message.ClientId).Order(StringComparer.Ordinal));
        Assert.All(queued, message => Assert.Equal(
            (OutboxKinds.BackchannelLogout, session.Subject, Now, (DateTimeOffset?)Now, 0, 7),
            (message.Kind, message.Subject, message.CreatedAt, message.NextAttemptAt, message.Attempts, message.Id.Version)));
        Assert.Equal(2, queued.Select(message => message.Id).Distinct().Count());
        Assert.All(queued, message => Assert.InRange(message.Id.Variant, 8, 11));
    }

    [ContractFact]
    public async Task Ending_it_again_queues_nothing_even_from_sixteen_at_once()
    {
        var session = await database.AddSessionAsync();
        await database.OpenGrantAsync(session, client: await AddClientAsync());

        await Race.RunAsync(async number =>
        {
            await (number % 2 == 0 ? database.Main : database.Other).Get<ISessionStore>().EndAsync(session.Id, Now, default);
            return true;
        });
        await Sessions.EndAllAsync(session.Subject, Now.AddSeconds(1), default);

        Assert.Single(await OfAsync(session));
    }

    [ContractFact]
    public async Task Ending_all_sessions_and_disabling_an_account_tell_the_clients_of_each_session()
    {
        var client = await AddClientAsync();
        var one = await database.AddSessionAsync();
        var other = await database.AddSessionAsync(one.Subject);
        await database.OpenGrantAsync(one, client: client);
        await database.OpenGrantAsync(other, client: client);
        await Sessions.EndAllAsync(one.Subject, Now, default);
        var third = await database.AddSessionAsync(one.Subject);
        await database.OpenGrantAsync(third, client: client);

        Assert.True(await database.Main.Get<IAccountStateStore>().TryDisableAsync(one.Subject, record: null, Now, default));

        Assert.Single(await OfAsync(one));
        Assert.Single(await OfAsync(other));
        Assert.Single(await OfAsync(third));
    }

    [ContractFact]
    public async Task Clients_of_a_session_are_those_with_a_grant_revoked_ones_included()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session, client: "zebra");
        await database.OpenGrantAsync(session, client: "ant");
        await database.OpenGrantAsync(session, client: "ant");
        await database.Main.Get<Protocol.Tokens.IGrantStore>().RevokeAsync(grant.Id, Now, default);

        Assert.Equal(["ant", "zebra"], await Sessions.ListClientsAsync(session.Id, default));
        Assert.Empty(await Sessions.ListClientsAsync(Guid.CreateVersion7(), default));
    }

    [ContractFact]
    public async Task Offline_grants_end_with_the_session_only_where_the_client_chose_so()
    {
        var lasting = await AddClientAsync();
        var ending = await AddClientAsync(client => client with { LogoutRevokesOfflineAccess = true });
        var session = await database.AddSessionAsync();
        var kept = await database.OpenGrantAsync(session, "openid offline_access", lasting);
        var ended = await database.OpenGrantAsync(session, "openid offline_access", ending);

        await Sessions.EndAsync(session.Id, Now, default);

        Assert.False(await database.IsRevokedAsync(kept));
        Assert.Null((await database.ReadAsync(kept)).RevokedAt);
        Assert.True(await database.IsRevokedAsync(ended));
        Assert.Equal(Now, (await database.ReadAsync(ended)).RevokedAt);
    }

    [ContractFact]
    public async Task Of_sixteen_that_want_a_message_one_gets_it()
    {
        var message = await QueueAsync();

        var claims = await Race.RunAsync(number => (number % 2 == 0 ? Outbox : OutboxOfOther).TryClaimAsync(message, Now + Claim, default));

        Assert.Equal(1, claims.Count(claimed => claimed));
    }

    [ContractFact]
    public async Task A_message_whose_taker_vanished_is_due_again_and_the_taker_changes_nothing_any_more()
    {
        var message = await QueueAsync();
        Assert.True(await Outbox.TryClaimAsync(message, Now + Claim, default));
        Assert.DoesNotContain(await Outbox.ListDueAsync(Now, 1000, default), due => due.Id == message.Id);

        var again = Assert.Single(await Outbox.ListDueAsync(Now + Claim, 1000, default), due => due.Id == message.Id);
        Assert.True(await Outbox.TryClaimAsync(again, Now + (2 * Claim), default));
        await Outbox.MarkDeliveredAsync(message with { Attempts = 1 }, Now, default);

        Assert.Equal((2, null), (again.Attempts + 1, (await FindAsync(message)).DeliveredAt));
        await OutboxOfOther.MarkDeliveredAsync(again with { Attempts = 2 }, Now + Claim, default);
        Assert.Equal((Now + Claim, null, 2), ((await FindAsync(message)).DeliveredAt, (await FindAsync(message)).NextAttemptAt, (await FindAsync(message)).Attempts));
        Assert.DoesNotContain(await Outbox.ListDueAsync(Now.AddDays(1), 1000, default), due => due.Id == message.Id);
    }

    [ContractFact]
    public async Task A_failure_says_why_in_bounds_and_when_it_is_tried_next_or_that_it_is_given_up()
    {
        var message = await QueueAsync();
        Assert.True(await Outbox.TryClaimAsync(message, Now + Claim, default));

        await Outbox.MarkFailedAsync(message with { Attempts = 1 }, new string('x', 5000), Now.AddMinutes(1), Now, default);

        var failed = await FindAsync(message);
        Assert.Equal((300, Now.AddMinutes(1), null), (failed.LastError!.Length, failed.NextAttemptAt, failed.DeadAt));
        Assert.True(await Outbox.TryClaimAsync(failed, Now + Claim, default));
        await Outbox.MarkFailedAsync(failed with { Attempts = 2 }, "no", nextAttemptAt: null, Now, default);
        Assert.Equal((Now, null, "no"), ((await FindAsync(message)).DeadAt, (await FindAsync(message)).NextAttemptAt, (await FindAsync(message)).LastError));
        Assert.Contains(await Outbox.ListAsync(OutboxState.Dead, 1000, default), dead => dead.Id == message.Id);
        Assert.DoesNotContain(await Outbox.ListAsync(OutboxState.Pending, 1000, default), pending => pending.Id == message.Id);

        Assert.True(await Outbox.TryRetryAsync(message.Id, Now, default));
        Assert.False(await Outbox.TryRetryAsync(message.Id, Now, default));
        Assert.Equal((0, (DateTimeOffset?)Now), ((await FindAsync(message)).Attempts, (await FindAsync(message)).NextAttemptAt));
    }

    [ContractFact]
    public async Task Of_one_client_only_a_few_are_due_at_a_time()
    {
        var client = await AddClientAsync();
        for (var number = 0; number < 12; number++)
        {
            var session = await database.AddSessionAsync();
            await database.OpenGrantAsync(session, client: client);
            await Sessions.EndAsync(session.Id, Now, default);
        }

        var due = await Outbox.ListDueAsync(Now, 1000, default);

        Assert.Equal(8, due.Count(message => message.ClientId == client));
    }

    [ContractFact]
    public async Task Old_deliveries_are_deleted_and_younger_ones_stay()
    {
        var old = await QueueAsync();
        database.Clock.Advance(TimeSpan.FromDays(13));
        var young = await QueueAsync();
        database.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));

        var report = await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default);

        Assert.True(report!.Deliveries > 0);
        var left = await Outbox.ListAsync(OutboxState.Any, 1000, default);
        Assert.DoesNotContain(left, message => message.Id == old.Id);
        Assert.Contains(left, message => message.Id == young.Id);
    }

    [ContractFact]
    public async Task A_mail_is_queued_with_its_payload_and_keeps_none_once_it_is_delivered()
    {
        var mail = new OutboxMessage
        {
            Id = Guid.CreateVersion7(Now),
            Kind = OutboxKinds.Mail,
            Subject = "somebody",
            Payload = "sealed",
            CreatedAt = Now,
            NextAttemptAt = Now,
        };
        await Outbox.AddAsync(mail, default);
        await Outbox.AddAsync(mail with { Id = Guid.CreateVersion7(Now), Subject = null }, default);

        Assert.Equal(mail, await FindAsync(mail));
        Assert.Contains(mail, await OutboxOfOther.ListDueAsync(Now, 1000, default));
        Assert.True(await Outbox.TryClaimAsync(mail, Now + Claim, default));
        await Outbox.MarkFailedAsync(mail with { Attempts = 1 }, "later", Now, Now, default);
        Assert.Equal("sealed", (await FindAsync(mail)).Payload);
        Assert.True(await Outbox.TryClaimAsync(await FindAsync(mail), Now + Claim, default));
        await Outbox.MarkDeliveredAsync(mail with { Attempts = 2 }, Now, default);
        Assert.Null((await FindAsync(mail)).Payload);
    }

    private async Task<OutboxMessage> QueueAsync()
    {
        var session = await database.AddSessionAsync();
        await database.OpenGrantAsync(session, client: await AddClientAsync());
        await Sessions.EndAsync(session.Id, Now, default);
        return Assert.Single(await OfAsync(session));
    }

    private async Task<string> AddClientAsync(Func<Client, Client>? change = null)
    {
        var client = new Client
        {
            ClientId = "client-" + Guid.NewGuid().ToString("N"),
            TokenEndpointAuthMethod = ClientAuthenticationMethods.None,
            BackchannelLogoutUri = "https://client.example/logout",
        };
        await database.Main.Get<ICatalogStore>().SaveAsync([change?.Invoke(client) ?? client], [], [], Now, default);
        return client.ClientId;
    }

    private async Task<IReadOnlyList<OutboxMessage>> OfAsync(Session session) =>
        [.. (await Outbox.ListAsync(OutboxState.Any, 1000, default)).Where(message => message.SessionId == session.Id)];

    private async Task<OutboxMessage> FindAsync(OutboxMessage message) =>
        (await Outbox.ListAsync(OutboxState.Any, 1000, default)).Single(found => found.Id == message.Id);
}

public sealed class SqliteOutboxStoreTests(SqliteTestDatabase database)
    : OutboxStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlOutboxStoreTests(PostgreSqlTestDatabase database)
    : OutboxStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
