using IdentityProvider.Accounts.Activity;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AccountActivityContract(TestDatabase database)
{
    private IAccountActivity Activity => database.Main.Get<IAccountActivity>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_client_is_listed_once_with_the_scopes_that_stand_and_its_last_use()
    {
        var session = await database.AddSessionAsync();
        var old = await database.OpenGrantAsync(session, "openid email");
        await database.OpenGrantAsync(session, "openid profile");
        var used = await database.OpenGrantAsync(session, "openid orders");
        await database.OpenGrantAsync(session, client: "bank");
        await database.Main.Get<IGrantStore>().TryRotateAsync(used.Id, 0, Now.AddMinutes(5), Now.AddHours(1), default);
        await database.Main.Get<IGrantStore>().RevokeAsync(old.Id, Now, default);

        var clients = await Activity.ListClientsAsync(session.Subject, Now, default);

        Assert.Equal(["bank", "shop"], clients.Select(client => client.ClientId));
        Assert.Equal(ScopeSet.Of("openid", "orders", "profile"), clients[1].Scope);
        Assert.Equal((Now, Now.AddMinutes(5), true), (clients[1].Since, clients[1].LastUsedAt, clients[1].IsStanding));
    }

    [ContractFact]
    public async Task What_was_ended_or_has_expired_stands_no_more()
    {
        var session = await database.AddSessionAsync();
        var ended = await database.OpenGrantAsync(session);
        await database.OpenGrantAsync(session, client: "bank");
        await database.Main.Get<IGrantStore>().RevokeAsync(ended.Id, Now, default);

        var clients = await Activity.ListClientsAsync(session.Subject, Now.AddHours(2), default);

        Assert.All(clients, client => Assert.Equal((false, ScopeSet.Empty), (client.IsStanding, client.Scope)));
    }

    [ContractFact]
    public async Task Each_session_has_its_own_clients_and_nobody_elses()
    {
        var session = await database.AddSessionAsync();
        var other = await database.AddSessionAsync(session.Subject);
        var stranger = await database.AddSessionAsync();
        await database.OpenGrantAsync(session);
        await database.OpenGrantAsync(session);
        await database.OpenGrantAsync(other, client: "bank");
        await database.OpenGrantAsync(stranger, client: "club");

        var uses = await Activity.ListSessionClientsAsync(session.Subject, default);

        Assert.Equal(
            new[] { (session.Id, "shop"), (other.Id, "bank") }.Order(), uses.Select(use => (use.SessionId, use.ClientId)).Order());
    }

    [ContractFact]
    public async Task Events_come_page_by_page_the_newest_first_and_only_ones_own()
    {
        var (mine, other) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString("N"));
        for (var minute = 0; minute < 5; minute++)
        {
            await AppendAsync(mine, Now.AddMinutes(minute), "shop-" + minute);
            await AppendAsync(other, Now.AddMinutes(minute), "theirs");
        }

        var first = await Activity.ListEventsAsync(mine, before: null, 3, default);
        var second = await Activity.ListEventsAsync(mine, first[2].Id, 3, default);

        Assert.Equal(["shop-4", "shop-3", "shop-2"], first.Select(entry => entry.Event.ClientId));
        Assert.Equal(["shop-1", "shop-0"], second.Select(entry => entry.Event.ClientId));
        var last = second[1].Event;
        Assert.Equal((mine, Now, "192.0.2.7", "a detail"), (last.Subject, last.At, last.RemoteAddress, last.Detail));
    }

    private Task AppendAsync(string subject, DateTimeOffset at, string client) => database.Main.Get<IAuditTrail>().AppendAsync(
        new AuditEvent
        {
            Type = AuditEventTypes.ConsentGiven,
            At = at,
            Subject = subject,
            ClientId = client,
            RemoteAddress = "192.0.2.7",
            Detail = "a detail",
        },
        default);
}

public sealed class SqliteAccountActivityTests(SqliteTestDatabase database)
    : AccountActivityContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAccountActivityTests(PostgreSqlTestDatabase database)
    : AccountActivityContract(database), IClassFixture<PostgreSqlTestDatabase>;
