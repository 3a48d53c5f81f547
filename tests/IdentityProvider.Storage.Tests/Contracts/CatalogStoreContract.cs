using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class CatalogStoreContract(TestDatabase database)
{
    private ICatalogStore Catalog => database.Main.Get<ICatalogStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task Every_member_of_a_client_comes_back()
    {
        var client = Filled();

        await SaveAsync(client);

        var read = Catalog.Current.FindClient(client.ClientId)!;
        Assert.Equal(
            JsonSerializer.Serialize(client with { Status = read.Status, Secrets = [.. client.Secrets.OrderBy(Hex, StringComparer.Ordinal)] }),
            JsonSerializer.Serialize(read with { Secrets = [.. read.Secrets.OrderBy(Hex, StringComparer.Ordinal)] }));
        Assert.Equal(client.Scope, read.Scope);
    }

    [ContractFact]
    public async Task A_client_without_choices_comes_back_with_the_defaults()
    {
        var client = new Client { ClientId = NewId() };

        await SaveAsync(client);

        var read = Catalog.Current.FindClient(client.ClientId)!;
        Assert.Equal(JsonSerializer.Serialize(client with { Status = read.Status }), JsonSerializer.Serialize(read));
    }

    [ContractFact]
    public async Task Scopes_and_resources_come_back()
    {
        var scope = new Scope { Name = NewId(), DisplayName = "Your orders", Claims = ["orders"], ShowInMetadata = false };
        var resource = new ApiResource
        {
            Identifier = "https://api.example/" + NewId(),
            Scopes = [scope.Name],
            AccessTokenSigningAlg = "ES256",
            AccessTokenLifetime = TimeSpan.FromMinutes(5),
        };

        await Catalog.SaveAsync([], [scope], [resource], Now, default);

        Assert.Equal(JsonSerializer.Serialize(scope), JsonSerializer.Serialize(Catalog.Current.FindScope(scope.Name)));
        Assert.Equal(JsonSerializer.Serialize(resource), JsonSerializer.Serialize(Catalog.Current.FindResource(resource.Identifier)));
    }

    [ContractFact]
    public async Task Saving_what_is_there_writes_nothing()
    {
        var client = Filled();
        var scope = new Scope { Name = NewId() };
        await Catalog.SaveAsync([client], [scope], [], Now, default);
        var before = Catalog.Current;

        using var count = StorageDiagnostics.Count();
        await Catalog.SaveAsync([client with { Status = new StatusReference(3, 3) }], [scope], [], Now.AddDays(1), default);

        Assert.Equal(0, count.Writes);
        Assert.Equal(before.Version, Catalog.Current.Version);
    }

    [ContractFact]
    public async Task A_secret_that_was_taken_away_is_gone()
    {
        var client = Filled();
        await SaveAsync(client);

        await SaveAsync(client with { Secrets = [client.Secrets[1]] });

        var secret = Assert.Single(Catalog.Current.FindClient(client.ClientId)!.Secrets);
        Assert.True(secret.Hash.Span.SequenceEqual(client.Secrets[1].Hash.Span));
    }

    [ContractFact]
    public async Task Another_node_sees_the_change_when_it_looks_and_looking_costs_one_read()
    {
        var other = database.Start().Get<ICatalogStore>();
        Assert.Same(CatalogSnapshot.Empty, other.Current);
        var client = new Client { ClientId = NewId() };
        await SaveAsync(client);

        await other.RefreshAsync(default);
        Assert.NotNull(other.Current.FindClient(client.ClientId));

        var snapshot = other.Current;
        using var count = StorageDiagnostics.Count();
        await other.RefreshAsync(default);
        Assert.Equal((1, 0), (count.Reads, count.Writes));
        Assert.Same(snapshot, other.Current);
    }

    [ContractFact]
    public async Task Each_client_has_a_status_of_its_own_that_stays()
    {
        var one = new Client { ClientId = NewId() };
        var two = new Client { ClientId = NewId() };
        await SaveAsync(one, two);
        var status = Catalog.Current.FindClient(one.ClientId)!.Status;

        await SaveAsync(one with { ClientName = "Another name" });

        Assert.Equal(status, Catalog.Current.FindClient(one.ClientId)!.Status);
        Assert.Equal(0, status.List);
        Assert.NotEqual(status, Catalog.Current.FindClient(two.ClientId)!.Status);
    }

    [ContractFact]
    public async Task Disabling_a_client_withdraws_its_tokens_and_its_grants_at_once()
    {
        var client = new Client { ClientId = NewId() };
        await SaveAsync(client);
        var status = Catalog.Current.FindClient(client.ClientId)!.Status;
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync(), "openid offline_access", client.ClientId);
        var ofAnother = await database.OpenGrantAsync(await database.AddSessionAsync(), client: NewId());

        await SaveAsync(client with { Enabled = false });

        Assert.Null(Catalog.Current.FindClient(client.ClientId));
        Assert.True(await database.Main.Get<IStatusListStore>().IsRevokedAsync(status, default));
        Assert.True(await database.IsRevokedAsync(grant));
        Assert.False((await database.ReadAsync(grant)).IsLive(Now));
        Assert.False(await database.IsRevokedAsync(ofAnother));
    }

    [ContractFact]
    public async Task Enabling_it_again_gives_a_fresh_status_and_wakes_nothing()
    {
        var client = new Client { ClientId = NewId() };
        await SaveAsync(client);
        var first = Catalog.Current.FindClient(client.ClientId)!.Status;
        await SaveAsync(client with { Enabled = false });

        await SaveAsync(client);

        var second = Catalog.Current.FindClient(client.ClientId)!.Status;
        Assert.NotEqual(first, second);
        Assert.False(await database.Main.Get<IStatusListStore>().IsRevokedAsync(second, default));
        Assert.True(await database.Main.Get<IStatusListStore>().IsRevokedAsync(first, default));
    }

    [ContractFact]
    public async Task Of_sixteen_that_save_at_once_all_are_kept()
    {
        var ids = Enumerable.Range(0, Race.Callers).Select(_ => NewId()).ToArray();

        await Race.RunAsync(async number =>
        {
            var store = (number % 2 == 0 ? database.Main : database.Other).Get<ICatalogStore>();
            await store.SaveAsync([new Client { ClientId = ids[number] }], [], [], Now, default);
            return true;
        });

        await Catalog.RefreshAsync(default);
        var clients = ids.Select(id => Catalog.Current.FindClient(id)!).ToList();
        Assert.Equal(Race.Callers, clients.Select(client => client.Status).Distinct().Count());
    }

    private Task SaveAsync(params Client[] clients) => Catalog.SaveAsync(clients, [], [], Now, default);

    private static string NewId() => "c" + Guid.NewGuid().ToString("N");

    private static string Hex(ClientSecret secret) => Convert.ToHexString(secret.Hash.Span);

    /// <summary>No member at its default, so that one that is not kept is noticed.</summary>
    private Client Filled() => new()
    {
        ClientId = NewId(),
        ClientName = "Shop",
        ClientUri = "https://shop.example",
        LogoUri = "https://shop.example/logo.png",
        PolicyUri = "https://shop.example/policy",
        TosUri = "https://shop.example/tos",
        RedirectUris = ["https://shop.example/signin", "https://shop.example/other"],
        PostLogoutRedirectUris = ["https://shop.example/bye"],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        ResponseTypes = ["code"],
        TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt,
        TokenEndpointAuthSigningAlg = "ES256",
        ApplicationType = "native",
        Scope = ScopeSet.Of("openid", "orders:read"),
        Jwks = """{"keys":[]}""",
        JwksUri = "https://shop.example/jwks",
        Secrets =
        [
            new ClientSecret(RandomNumberGenerator.GetBytes(32), null),
            new ClientSecret(RandomNumberGenerator.GetBytes(32), Now.AddDays(30)),
        ],
        IdTokenSignedResponseAlg = "PS256",
        UserinfoSignedResponseAlg = "ES256",
        RequestObjectSigningAlg = "PS256",
        RequestUris = ["https://shop.example/request.jwt"],
        SubjectType = "pairwise",
        SectorIdentifierUri = "https://sector.example/uris.json",
        DefaultMaxAge = TimeSpan.FromHours(1),
        RequireAuthTime = true,
        DefaultAcrValues = ["urn:idp:passkey"],
        RequireConsent = false,
        AllowRequestsWithoutPkce = true,
        AccessTokenLifetime = TimeSpan.FromMinutes(3),
        RefreshTokenIdleLifetime = TimeSpan.FromDays(3),
        RefreshTokenAbsoluteLifetime = TimeSpan.FromDays(9),
        IntrospectionAudiences = ["https://api.example"],
        RequestUriPrefixes = ["https://shop.example/requests/"],
        Contacts = ["ops@shop.example"],
        LocalizedTexts = [new LocalizedText("client_name", "de", "Laden"), new LocalizedText("tos_uri", "fr", "https://shop.example/fr")],
        SoftwareId = "4NRB1-0XZABZI9E6-5SM3R",
        SoftwareVersion = "2.1",
        InitiateLoginUri = "https://shop.example/login",
        IsSelfRegistered = true,
    };
}

public sealed class SqliteCatalogStoreTests(SqliteTestDatabase database)
    : CatalogStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlCatalogStoreTests(PostgreSqlTestDatabase database)
    : CatalogStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
