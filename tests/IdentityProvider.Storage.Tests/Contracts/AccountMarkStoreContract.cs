using IdentityProvider.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class AccountMarkStoreContract(TestDatabase database)
{
    private IAccountMarkStore Marks => database.Main.Get<IAccountMarkStore>();

    [ContractFact]
    public async Task An_account_is_found_with_its_tokens_and_its_marks()
    {
        var name = await AddAsync(marks: ["one", "two"]);

        var found = await Marks.FindAsync(name.ToUpperInvariant(), "provider", default);

        Assert.NotNull(found);
        Assert.Equal((false, true), (found.Account.Disabled, found.Account.RequiresSecondFactor));
        Assert.Equal(
            [("another token", "another value"), ("token", "value")],
            found.Tokens.Select(token => (token.Key, token.Value)).OrderBy(token => token.Key, StringComparer.Ordinal));
        Assert.Equal(["one", "two"], found.Marks.Order());
    }

    [ContractFact]
    public async Task An_account_without_tokens_and_marks_is_found_too()
    {
        var name = await AddAsync(marks: []);

        var found = await Marks.FindAsync(name.ToUpperInvariant(), "another provider", default);

        Assert.Equal((0, 0), (found!.Tokens.Count, found.Marks.Count));
        Assert.Null(await Marks.FindAsync("NOBODY", "provider", default));
    }

    [ContractFact]
    public async Task Names_are_found_by_type_and_value_of_the_mark()
    {
        var type = Guid.NewGuid().ToString("N");
        var marked = await AddAsync(marks: [type]);
        await AddAsync(marks: ["other"]);

        Assert.Equal([marked], await Marks.FindMarkedAsync(type, "yes", default));
        Assert.Empty(await Marks.FindMarkedAsync(type, "no", default));
    }

    /// <summary>A database that is up to date is told so by one read, and that is what Entity Framework says as well.</summary>
    [ContractFact]
    public async Task Nothing_is_pending_in_a_database_of_this_version()
    {
        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();

        Assert.Empty(await database.Main.Get<DatabaseMigrator>().GetPendingAsync(default));
        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
    }

    private async Task<string> AddAsync(string[] marks)
    {
        var name = string.Empty;
        var id = await database.AddAccountAsync(account =>
        {
            name = account.UserName!;
            account.NormalizedUserName = name.ToUpperInvariant();
            account.RequiresSecondFactor = true;
        });
        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        context.AddRange(marks.Select(mark => new IdentityUserClaim<string> { UserId = id, ClaimType = mark, ClaimValue = "yes" }));
        context.Add(new IdentityUserToken<string> { UserId = id, LoginProvider = "provider", Name = "token", Value = "value" });
        context.Add(new IdentityUserToken<string> { UserId = id, LoginProvider = "provider", Name = "another token", Value = "another value" });
        await context.SaveChangesAsync();
        return name;
    }
}

public sealed class SqliteAccountMarkStoreTests(SqliteTestDatabase database)
    : AccountMarkStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlAccountMarkStoreTests(PostgreSqlTestDatabase database)
    : AccountMarkStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
