using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Cleanup;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class ClientRegistrationStoreContract(TestDatabase database)
{
    private IClientRegistrationStore Registrations => database.Main.Get<IClientRegistrationStore>();

    private IInitialAccessTokenStore InitialTokens => database.Main.Get<IInitialAccessTokenStore>();

    private ICatalogStore Catalog => database.Main.Get<ICatalogStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_registered_client_comes_back_and_stands_in_every_nodes_catalog()
    {
        var client = NewClient() with { LocalizedTexts = [new LocalizedText("client_name", "de", "Laden"), new LocalizedText("logo_uri", "fr", "https://a.example/l")] };
        var token = await AddAsync(client);

        var read = await Registrations.FindAsync(client.ClientId, default);
        await database.Other.Get<ICatalogStore>().RefreshAsync(default);

        Assert.Equal(JsonSerializer.Serialize(client with { Status = StatusReference.None }), JsonSerializer.Serialize(read!.Client));
        Assert.True(read.TokenHash.Span.SequenceEqual(token));
        Assert.Equal(Now, read.IssuedAt);
        Assert.Equal(
            JsonSerializer.Serialize(read.Client), JsonSerializer.Serialize(database.Other.Get<ICatalogStore>().Current.FindClient(client.ClientId)));
    }

    [ContractFact]
    public async Task A_node_reads_what_registered_since_and_leaves_the_rest_as_it_is()
    {
        var (first, second) = (NewClient(), NewClient() with { TokenEndpointAuthMethod = ClientAuthenticationMethods.None });
        var token = await AddAsync(first);
        var other = database.Other.Get<ICatalogStore>();
        await other.RefreshAsync(default);
        var before = other.Current.FindClient(first.ClientId);

        Assert.True(await Registrations.TryAddAsync(New(second with { RedirectUris = ["https://second.example/cb"] }), default));
        await other.RefreshAsync(default);
        Assert.Same(before, other.Current.FindClient(first.ClientId));
        Assert.NotNull(other.Current.FindClient(second.ClientId));
        Assert.True(other.Current.IsBrowserOrigin("https://second.example"));

        var secret = new ClientSecret(RandomNumberGenerator.GetBytes(32), ExpiresAt: null);
        Assert.True(await Registrations.TryReplaceAsync(
            first with { ClientName = "Another", Secrets = [secret] }, token, RandomNumberGenerator.GetBytes(32), Now, default));
        await other.RefreshAsync(default);
        var changed = other.Current.FindClient(first.ClientId)!;
        Assert.Equal("Another", changed.ClientName);
        Assert.True(Assert.Single(changed.Secrets).Hash.Span.SequenceEqual(secret.Hash.Span));
    }

    [ContractFact]
    public async Task A_node_misses_nothing_that_was_changed_between_registrations()
    {
        var (kept, removed, operators) = (NewClient(), NewClient(), NewClient() with { IsSelfRegistered = false });
        var token = await AddAsync(removed);
        await Catalog.SaveAsync([operators], [], [], Now, default);
        var other = database.Other.Get<ICatalogStore>();
        await other.RefreshAsync(default);

        Assert.True(await Registrations.TryAddAsync(New(kept), default));
        Assert.True(await Registrations.TryDeleteAsync(removed.ClientId, token, Now, default));
        await Catalog.SaveAsync([operators with { ClientName = "Another" }], [], [], Now, default);
        await Race.RunAsync(number => Node(number).TryAddAsync(New(NewClient()), default));
        await other.RefreshAsync(default);

        Assert.NotNull(other.Current.FindClient(kept.ClientId));
        Assert.Null(other.Current.FindClient(removed.ClientId));
        Assert.Equal("Another", other.Current.FindClient(operators.ClientId)!.ClientName);
    }

    [ContractFact]
    public async Task Of_sixteen_that_register_while_nodes_look_every_node_has_every_one()
    {
        var clients = Enumerable.Range(0, Race.Callers).Select(_ => NewClient()).ToList();
        await Catalog.RefreshAsync(default);
        await database.Other.Get<ICatalogStore>().RefreshAsync(default);

        await Race.RunAsync(async number =>
        {
            var added = await Node(number).TryAddAsync(New(clients[number]), default);
            await (number % 2 == 0 ? database.Main : database.Other).Get<ICatalogStore>().RefreshAsync(default);
            return added;
        });
        await Catalog.RefreshAsync(default);
        await database.Other.Get<ICatalogStore>().RefreshAsync(default);

        Assert.All(clients, client => Assert.NotNull(Catalog.Current.FindClient(client.ClientId)));
        Assert.All(clients, client => Assert.NotNull(database.Other.Get<ICatalogStore>().Current.FindClient(client.ClientId)));
    }

    [ContractFact]
    public async Task Clients_that_did_not_register_themselves_are_not_found()
    {
        var client = NewClient() with { IsSelfRegistered = false };
        await Catalog.SaveAsync([client], [], [], Now, default);

        Assert.Null(await Registrations.FindAsync(client.ClientId, default));
        Assert.Null(await Registrations.FindAsync("nobody", default));
    }

    [ContractFact]
    public async Task A_client_the_operator_takes_over_is_no_longer_its_registrants()
    {
        var client = NewClient();
        var token = await AddAsync(client);

        await Catalog.SaveAsync([client with { IsSelfRegistered = false }], [], [], Now, default);
        database.Clock.Advance(TimeSpan.FromDays(365));
        await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default);

        Assert.Null(await Registrations.FindAsync(client.ClientId, default));
        Assert.False(await Registrations.TryDeleteAsync(client.ClientId, token, Now, default));
        Assert.NotNull(Catalog.Current.FindClient(client.ClientId));
    }

    [ContractFact]
    [Case(202)]
    public async Task An_initial_token_registers_as_often_as_it_may_also_when_all_come_at_once()
    {
        var hash = RandomNumberGenerator.GetBytes(32);
        await InitialTokens.AddAsync(NewToken() with { MaxUses = 3 }, hash, default);
        Assert.True(await InitialTokens.IsUsableAsync(hash, Now, default));

        var added = await Race.RunAsync(number => Node(number).TryAddAsync(New(NewClient(), hash), default));

        Assert.Equal(3, added.Count(one => one));
        Assert.False(await InitialTokens.IsUsableAsync(hash, Now, default));
        Assert.Contains(await InitialTokens.ListAsync(default), token => token is { Uses: 3, MaxUses: 3 });
    }

    [ContractFact]
    [Case(202)]
    public async Task An_initial_token_that_is_unknown_expired_or_revoked_registers_nobody()
    {
        var (expiring, revoked) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(32));
        var token = NewToken();
        await InitialTokens.AddAsync(NewToken() with { ExpiresAt = Now.AddMinutes(1) }, expiring, default);
        await InitialTokens.AddAsync(token, revoked, default);
        var before = await database.CountAsync("clients");

        Assert.True(await InitialTokens.TryRevokeAsync(token.Id, default));
        Assert.False(await InitialTokens.TryRevokeAsync(token.Id, default));
        database.Clock.Advance(TimeSpan.FromMinutes(1));

        foreach (var hash in new[] { expiring, revoked, RandomNumberGenerator.GetBytes(32) })
        {
            Assert.False(await InitialTokens.IsUsableAsync(hash, Now, default));
            Assert.False(await Registrations.TryAddAsync(New(NewClient(), hash), default));
        }

        Assert.Equal(before, await database.CountAsync("clients"));
    }

    [ContractFact]
    public async Task Of_replacements_with_the_same_token_at_once_one_wins_and_the_token_is_dead()
    {
        var client = NewClient();
        var token = await AddAsync(client);

        var replaced = await Race.RunAsync(async number =>
        {
            var successor = RandomNumberGenerator.GetBytes(32);
            var won = await Node(number).TryReplaceAsync(client with { ClientName = "number " + number }, token, successor, Now, default);
            return (Won: won, Successor: successor, Name: "number " + number);
        });

        var winner = Assert.Single(replaced, one => one.Won);
        var read = (await Registrations.FindAsync(client.ClientId, default))!;
        Assert.Equal(winner.Name, read.Client.ClientName);
        Assert.True(read.TokenHash.Span.SequenceEqual(winner.Successor));
        Assert.False(await Registrations.TryReplaceAsync(client, token, token, Now, default));
    }

    [ContractFact]
    public async Task Secrets_are_replaced_with_the_rest()
    {
        var client = NewClient() with { Secrets = [new ClientSecret(RandomNumberGenerator.GetBytes(32), ExpiresAt: null)] };
        var token = await AddAsync(client);
        var fresh = new ClientSecret(RandomNumberGenerator.GetBytes(32), ExpiresAt: null);

        await Registrations.TryReplaceAsync(client with { Secrets = [fresh] }, token, token, Now, default);

        var secret = Assert.Single((await Registrations.FindAsync(client.ClientId, default))!.Client.Secrets);
        Assert.True(secret.Hash.Span.SequenceEqual(fresh.Hash.Span));
    }

    [ContractFact]
    [Case(212)]
    public async Task A_disabled_client_is_not_replaced()
    {
        var client = NewClient();
        var token = await AddAsync(client);
        await Catalog.SaveAsync([client with { Enabled = false }], [], [], Now, default);

        Assert.False(await Registrations.TryReplaceAsync(client, token, token, Now, default));
        Assert.False((await Registrations.FindAsync(client.ClientId, default))!.Client.Enabled);
        Assert.Null(Catalog.Current.FindClient(client.ClientId));
    }

    [ContractFact]
    public async Task Deleting_ends_grants_and_forgets_consents_and_happens_once()
    {
        var client = NewClient();
        var token = await AddAsync(client);
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session, client: client.ClientId);
        var foreign = await database.OpenGrantAsync(session);
        await database.Main.Get<IConsentStore>().AllowAsync(session.Subject, client.ClientId, ScopeSet.Of("openid"), Now, default);
        await Registrations.MarkUsedAsync(client.ClientId, default);

        Assert.False(await Registrations.TryDeleteAsync(client.ClientId, RandomNumberGenerator.GetBytes(32), Now, default));
        var deleted = await Race.RunAsync(number => Node(number).TryDeleteAsync(client.ClientId, token, Now, default));
        await Catalog.RefreshAsync(default);

        Assert.Single(deleted, one => one);
        Assert.True(await database.IsRevokedAsync(grant));
        Assert.NotNull((await database.ReadAsync(grant)).RevokedAt);
        Assert.False(await database.IsRevokedAsync(foreign));
        Assert.Null(await database.Main.Get<IConsentStore>().FindAsync(session.Subject, client.ClientId, default));
        Assert.Null(Catalog.Current.FindClient(client.ClientId));
        Assert.Null(await Registrations.FindAsync(client.ClientId, default));
    }

    [ContractFact]
    public async Task Clients_with_tokens_of_their_own_get_a_status_bit_each_and_others_none()
    {
        var clients = await Race.RunAsync(async number =>
        {
            var client = NewClient() with { GrantTypes = [GrantTypeNames.ClientCredentials] };
            Assert.True(await Node(number).TryAddAsync(New(client), default));
            return client;
        });
        var declared = NewClient() with { IsSelfRegistered = false };
        await Catalog.SaveAsync([declared], [], [], Now, default);
        await AddAsync(NewClient());
        await Catalog.RefreshAsync(default);

        StatusReference[] statuses = [.. clients.Append(declared).Select(client => Catalog.Current.FindClient(client.ClientId)!.Status)];
        Assert.Equal(statuses.Length, statuses.Distinct().Count());
        Assert.DoesNotContain(StatusReference.None, statuses);
    }

    [ContractFact]
    public async Task A_client_that_is_given_client_credentials_later_gets_its_bit_then_and_loses_it_with_the_client()
    {
        var client = NewClient();
        var token = await AddAsync(client);
        await Registrations.TryReplaceAsync(client with { GrantTypes = [GrantTypeNames.ClientCredentials] }, token, token, Now, default);

        var status = (await Registrations.FindAsync(client.ClientId, default))!.Client.Status;
        Assert.False(status.IsNone);
        await Registrations.TryDeleteAsync(client.ClientId, token, Now, default);

        Assert.True(await database.Main.Get<IStatusListStore>().IsRevokedAsync(status, default));
    }

    [ContractFact]
    public async Task Disabling_a_client_without_a_bit_withdraws_nobody_elses_tokens()
    {
        var client = NewClient();
        await AddAsync(client);
        var before = await database.CountAsync("revoked_statuses");

        await Catalog.SaveAsync([client with { Enabled = false }], [], [], Now, default);

        Assert.Equal(before, await database.CountAsync("revoked_statuses"));
    }

    [ContractFact]
    public async Task The_clean_up_takes_away_what_was_never_used_and_nothing_else()
    {
        var (used, unused) = (NewClient(), NewClient());
        await AddAsync(used);
        await AddAsync(unused);
        await Registrations.MarkUsedAsync(used.ClientId, default);
        await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default);
        Assert.NotNull(await Registrations.FindAsync(unused.ClientId, default));

        database.Clock.Advance(TimeSpan.FromDays(7));
        var report = await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default);
        await Catalog.RefreshAsync(default);

        Assert.True(report!.Clients >= 1);
        Assert.Null(Catalog.Current.FindClient(unused.ClientId));
        Assert.NotNull(Catalog.Current.FindClient(used.ClientId));
    }

    [ContractFact]
    public async Task Self_registered_clients_are_counted()
    {
        var before = await Registrations.CountAsync(default);
        await AddAsync(NewClient());
        await Catalog.SaveAsync([NewClient() with { IsSelfRegistered = false }], [], [], Now, default);

        Assert.Equal(before + 1, await Registrations.CountAsync(default));
    }

    [ContractFact]
    public async Task Deleting_a_client_while_codes_are_redeemed_leaves_no_live_grant()
    {
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 50; round++)
        {
            var client = NewClient();
            var token = await AddAsync(client);
            await Registrations.MarkUsedAsync(client.ClientId, default);
            var grants = new[]
            {
                await database.GrantAsync(session, client: client.ClientId),
                await database.GrantAsync(session, client: client.ClientId),
                await database.GrantAsync(session, client: client.ClientId),
            };

            await Race.RunAsync(
                number => number == 1
                    ? database.Other.Get<IClientRegistrationStore>().TryDeleteAsync(client.ClientId, token, Now, default)
                    : OpenAsync(grants[number % 3]),
                callers: 4);

            Assert.Equal(0, await database.CountAsync("grants", $"revoked_at IS NULL AND subject = '{session.Subject}'"));
        }

        async Task<bool> OpenAsync(Grant grant) =>
            await database.Main.Get<IGrantStore>().TryOpenAsync(grant, consented: null, default) == GrantOpening.Opened;
    }

    private static Client NewClient() => new()
    {
        ClientId = "dyn-" + Guid.NewGuid().ToString("N"),
        ClientName = "Shop",
        RedirectUris = ["https://app.example/cb"],
        Contacts = ["ops@app.example"],
        IsSelfRegistered = true,
    };

    private InitialAccessToken NewToken() => new() { Id = Guid.CreateVersion7(Now), CreatedAt = Now };

    private NewRegistration New(Client client, byte[]? initialToken = null) =>
        new(client, RandomNumberGenerator.GetBytes(32), Now, Now.AddDays(7), initialToken);

    private async Task<byte[]> AddAsync(Client client)
    {
        var registration = New(client);
        Assert.True(await Registrations.TryAddAsync(registration, default));
        await Catalog.RefreshAsync(default);
        return registration.TokenHash.ToArray();
    }

    private IClientRegistrationStore Node(int number) => (number % 2 == 0 ? database.Main : database.Other).Get<IClientRegistrationStore>();
}

public sealed class SqliteClientRegistrationStoreTests(SqliteTestDatabase database)
    : ClientRegistrationStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlClientRegistrationStoreTests(PostgreSqlTestDatabase database)
    : ClientRegistrationStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
