using System.Globalization;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage;
using IdentityProvider.StorageBench;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

// The verbs that machines hammer, straight at the stores.
// Usage: StorageBench [sqlite FILE | postgresql CONNECTION | redis HOST:PORT] [callers] [seconds]
const int Grants = 20_000;
var folder = Directory.CreateTempSubdirectory("idp-storage-bench-").FullName;
var options = args.Length >= 2 && string.Equals(args[0], "postgresql", StringComparison.Ordinal)
    ? new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = args[1] }
    : new StorageOptions { ConnectionString = "Data Source=" + (args.Length >= 2 ? args[1] : Path.Combine(folder, "bench.db")) };
var measurement = new Measurement(Console.Out, args.Length >= 3 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 16, TimeSpan.FromSeconds(args.Length >= 4 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 5));
if (args.Length >= 2 && string.Equals(args[0], "redis", StringComparison.Ordinal))
{
    await Attempts.RunOnRedisAsync(args[1], measurement);
    return;
}

await using var services = new ServiceCollection().AddLogging().AddStorage(options).BuildServiceProvider();
await services.GetRequiredService<DatabaseMigrator>().MigrateAsync(default);

var grants = services.GetRequiredService<IGrantStore>();
var sessions = services.GetRequiredService<ISessionStore>();
var statuses = services.GetRequiredService<IStatusListStore>();
var subjects = services.GetRequiredService<ISubjectDirectory>();
var used = services.GetRequiredService<IUsedJtiStore>();

var now = TimeProvider.System.GetUtcNow();
await services.GetRequiredService<ICatalogStore>().SaveAsync(
    [.. Enumerable.Range(0, 20).Select(number => new Client { ClientId = "client-" + number })], [], [], now, default);
var people = new List<Session>();
var stamps = new List<string>();
for (var i = 0; i < 1000; i++)
{
    var account = Account.Create("bench-" + Guid.NewGuid().ToString("N"), email: null, now);
    await using var context = await services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
    context.Add(account);
    await context.SaveChangesAsync();
    people.Add(NewSession(account.Id));
    stamps.Add(account.SecurityStamp ?? string.Empty);
    Expect(await sessions.TryBeginAsync(people[i], stamps[i], default));
}

var opened = new List<Grant>(Grants);
for (var i = 0; i < Grants; i += 500)
{
    var some = await Task.WhenAll(Enumerable.Range(i, 500).Select(NewGrantAsync));
    await Task.WhenAll(some.Select(grant => grants.TryOpenAsync(grant, consented: null, default)));
    opened.AddRange(some);
}

measurement.PrintHeader();
await measurement.RunAsync("open a grant", async number => Expect(await grants.TryOpenAsync(await NewGrantAsync(number), consented: null, default) == GrantOpening.Opened));
await measurement.RunAsync("rotate (read, update)", async number =>
{
    var grant = await grants.FindAsync(opened[number % Grants].Id, default);
    await grants.TryRotateAsync(grant!.Id, grant.Counter, now, now.AddDays(14), default);
});
await measurement.RunAsync("use an assertion", async number => Expect(await used.TryUseAsync("bench", $"{now.Ticks}-{number}", now.AddMinutes(5), default)));
await measurement.RunAsync("begin a session", async number =>
{
    var (subject, stamp) = (people[number % people.Count].Subject, stamps[number % people.Count]);
    Expect(await sessions.TryBeginAsync(NewSession(subject), stamp, default));
});
await measurement.RunAsync("subject of a token", async number => Expect(await subjects.FindForTokenAsync(opened[number % Grants].Id, opened[number % Grants].Status, default) is not null));
await measurement.RunAsync("is it revoked", async number => Expect(!await statuses.IsRevokedAsync(opened[number % Grants].Status, default)));
await measurement.RunAsync("find a session", async number => Expect(await sessions.FindAsync(people[number % people.Count].Id, default) is not null));
await measurement.RunAsync("revoke a grant", number => grants.RevokeAsync(opened[number % Grants].Id, new AuditEvent { Type = AuditEventTypes.TokenRevoked, At = now }, default), Grants);
await Attempts.RunAsync(services.GetRequiredService<IAttemptStore>(), measurement);
Directory.Delete(folder, recursive: true);

Session NewSession(string subject) => new()
{
    Id = Guid.CreateVersion7(),
    HandleHash = new byte[32],
    Subject = subject,
    AuthTime = now,
    CreatedAt = now,
    LastSeenAt = now,
    IdleExpiresAt = now.AddHours(8),
    AbsoluteExpiresAt = now.AddDays(1),
};

async Task<Grant> NewGrantAsync(int number) => new()
{
    Id = Guid.CreateVersion7(),
    ClientId = "client-" + (number % 20),
    Subject = people[number % people.Count].Subject,
    SessionId = people[number % people.Count].Id,
    Scope = ScopeSet.Of("openid", "profile", "email", "offline_access"),
    AuthTime = now,
    CreatedAt = now,
    ExpiresAt = now.AddDays(14),
    AbsoluteExpiresAt = now.AddDays(90),
    Status = await statuses.AllocateAsync(default),
};

static void Expect(bool holds)
{
    if (!holds)
    {
        throw new InvalidOperationException("the verb did not do what it should");
    }
}
