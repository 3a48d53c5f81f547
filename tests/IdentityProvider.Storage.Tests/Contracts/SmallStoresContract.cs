using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>Used identifiers, key ring, audit trail, subjects.</summary>
public abstract class SmallStoresContract(TestDatabase database)
{
    private DateTimeOffset Now => database.Clock.Now;

    private IKeyStore Keys => database.Main.Get<IKeyStore>();

    private ISubjectDirectory Subjects => database.Main.Get<ISubjectDirectory>();

    [ContractFact]
    public async Task Of_sixteen_that_present_one_assertion_one_wins()
    {
        var jti = Guid.NewGuid().ToString();

        var outcomes = await Race.RunAsync(number =>
            (number % 2 == 0 ? database.Main : database.Other).Get<IUsedJtiStore>().TryUseAsync("client_assertion shop", jti, Now.AddMinutes(5), default));

        Assert.Equal(1, outcomes.Count(won => won));
    }

    [ContractFact]
    public async Task The_same_identifier_of_another_issuer_is_another()
    {
        var used = database.Main.Get<IUsedJtiStore>();
        var jti = Guid.NewGuid().ToString();

        Assert.True(await used.TryUseAsync("a", "b" + jti, Now.AddMinutes(5), default));
        Assert.True(await used.TryUseAsync("ab", jti, Now.AddMinutes(5), default));
        Assert.False(await used.TryUseAsync("ab", jti, Now.AddMinutes(9), default));
    }

    [ContractFact]
    public async Task A_key_is_read_back_whole_and_replaced_and_removed()
    {
        var version = await Keys.GetVersionAsync(default);
        var key = Key() with { RetiresAt = Now.AddDays(90), RemovesAt = Now.AddDays(91) };
        Assert.True(await Keys.TryChangeAsync(version, [key, Key()], [], default));
        var state = await Keys.GetAsync(default);
        Assert.Equal(version + 1, state.Version);
        Assert.Equal(JsonSerializer.Serialize(key), JsonSerializer.Serialize(state.Keys.Single(one => one.Id == key.Id)));

        var replaced = key with { RetiresAt = null, WrappedSecret = new byte[] { 1, 2, 3 } };
        Assert.True(await Keys.TryChangeAsync(version + 1, [replaced], [.. state.Keys.Select(one => one.Id).Where(id => id != key.Id)], default));

        state = await Keys.GetAsync(default);
        Assert.Equal(JsonSerializer.Serialize(replaced), JsonSerializer.Serialize(Assert.Single(state.Keys)));
        Assert.Equal(version + 2, await Keys.GetVersionAsync(default));
    }

    [ContractFact]
    public async Task Of_sixteen_that_rotate_the_ring_one_wins_and_the_others_write_nothing()
    {
        var version = await Keys.GetVersionAsync(default);
        var before = (await Keys.GetAsync(default)).Keys.Count;

        var outcomes = await Race.RunAsync(number =>
            (number % 2 == 0 ? database.Main : database.Other).Get<IKeyStore>().TryChangeAsync(version, [Key()], [], default));

        Assert.Equal(1, outcomes.Count(won => won));
        var after = await Keys.GetAsync(default);
        Assert.Equal((version + 1, before + 1), (after.Version, after.Keys.Count));
    }

    [ContractFact]
    public async Task A_change_that_fails_halfway_leaves_nothing()
    {
        var version = await Keys.GetVersionAsync(default);
        var keys = await Keys.GetAsync(default);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            Keys.TryChangeAsync(version, [Key(), Key() with { Algorithm = null! }], [], default));

        Assert.Equal(version, await Keys.GetVersionAsync(default));
        Assert.Equal(keys.Keys.Count, (await Keys.GetAsync(default)).Keys.Count);
    }

    [ContractFact]
    public async Task An_event_is_appended()
    {
        var grant = Guid.CreateVersion7();

        await database.Main.Get<IAuditTrail>().AppendAsync(
            new AuditEvent { Type = AuditEventTypes.CodeReplayed, At = Now, GrantId = grant, ClientId = "shop", Detail = "code used twice" }, default);

        Assert.Equal(1, await database.CountAsync("audit_events", "type = 'code.replayed' AND client_id = 'shop' AND subject IS NULL"));
    }

    [ContractFact]
    public async Task A_person_is_seen_with_their_claims()
    {
        var id = await database.AddAccountAsync(account =>
        {
            account.Email = account.UserName + "@example.org";
            account.NormalizedEmail = account.Email.ToUpperInvariant();
            account.EmailConfirmed = true;
            account.Claims = """{"name":"Ada","address":{"country":"GB"},"sub":"other","email":"else@example.org","nickname":null}""";
        });

        var subject = await Subjects.FindAsync(id, default);

        Assert.Equal(id, subject!.Id);
        Assert.Equal(
            ["address", "email", "email_verified", "name", "preferred_username", "updated_at"], subject.Claims.Keys.Order(StringComparer.Ordinal));
        Assert.True(subject.Claims["email_verified"].GetBoolean());
        Assert.Equal("GB", subject.Claims["address"].GetProperty("country").GetString());
        Assert.StartsWith("person-", subject.Claims["email"].GetString(), StringComparison.Ordinal);
        Assert.Equal(Now.ToUnixTimeSeconds(), subject.Claims["updated_at"].GetInt64());
    }

    [ContractFact]
    public async Task Nobody_is_seen_who_is_unknown_or_disabled()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session);
        await database.Main.Get<IAccountStateStore>().TryDisableAsync(session.Subject, record: null, Now, default);

        Assert.Null(await Subjects.FindAsync(session.Subject, default));
        Assert.Null(await Subjects.FindAsync("nobody", default));
        Assert.Null(await Subjects.FindForTokenAsync(grant.Id, new StatusReference(1, 1), default));
        Assert.Null(await Subjects.FindForTokenAsync(Guid.CreateVersion7(), new StatusReference(1, 1), default));
    }

    [ContractFact]
    public async Task A_withdrawn_token_speaks_of_nobody()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session);
        Assert.Equal(session.Subject, (await Subjects.FindForTokenAsync(grant.Id, grant.Status, default))!.Id);

        await database.Main.Get<IGrantStore>().RevokeAsync(grant.Id, Now, default);

        Assert.Null(await Subjects.FindForTokenAsync(grant.Id, grant.Status, default));
        Assert.NotNull(await Subjects.FindAsync(session.Subject, default));
    }

    [ContractFact]
    public async Task The_last_sign_in_only_moves_forward()
    {
        var accounts = database.Main.Get<IAccountStateStore>();
        var id = await database.AddAccountAsync();

        await accounts.RecordSignInAsync(id, Now.AddMinutes(2), default);
        await accounts.RecordSignInAsync(id, Now.AddMinutes(1), default);

        Assert.Equal(Now.AddMinutes(2), (await database.ReadAccountAsync(id)).LastSignInAt);
    }

    private KeyRecord Key() => new()
    {
        Id = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        Purpose = KeyPurposes.Signing,
        Algorithm = "RS256",
        CreatedAt = Now,
        ActivatesAt = Now.AddHours(1),
        WrappedSecret = RandomNumberGenerator.GetBytes(64),
    };
}

public sealed class SqliteSmallStoresTests(SqliteTestDatabase database)
    : SmallStoresContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlSmallStoresTests(PostgreSqlTestDatabase database)
    : SmallStoresContract(database), IClassFixture<PostgreSqlTestDatabase>;
