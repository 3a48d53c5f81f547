using System.Text.Json.Nodes;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Claims;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Declared;

public sealed class DeclaredAccountsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task An_account_that_is_as_declared_is_not_written_again()
    {
        await SaveAsync(Person("carol"));
        var before = await FindAsync("carol");

        await SaveAsync(Person("carol"));

        var after = await FindAsync("carol");
        Assert.Equal((before.ConcurrencyStamp, before.SecurityStamp, before.UpdatedAt), (after.ConcurrencyStamp, after.SecurityStamp, after.UpdatedAt));
        Assert.Equal(("carol@example.com", true), (after.Email, after.EmailConfirmed));
    }

    [Fact]
    public async Task A_password_that_the_person_chose_since_stays()
    {
        await SaveAsync(Person("dave", password: "the declared password"));
        await WithUsersAsync(async users =>
        {
            var account = (await users.FindByNameAsync("dave"))!;
            account.PasswordHash = users.PasswordHasher.HashPassword(account, "chosen by dave himself");
            await users.UpdateAsync(account);
        });

        await SaveAsync(Person("dave", password: "the declared password"));

        Assert.True(await AcceptsAsync("dave", "chosen by dave himself"));
        Assert.False(await AcceptsAsync("dave", "the declared password"));
    }

    [Fact]
    public async Task Another_declared_password_replaces_what_was_there()
    {
        await SaveAsync(Person("erin", password: "the first password"));
        var before = await FindAsync("erin");

        await SaveAsync(Person("erin", password: "the second password"));

        Assert.True(await AcceptsAsync("erin", "the second password"));
        Assert.False(await AcceptsAsync("erin", "the first password"));
        Assert.NotEqual(before.SecurityStamp, (await FindAsync("erin")).SecurityStamp);
    }

    [Fact]
    public async Task What_is_declared_differently_is_changed()
    {
        await SaveAsync(Person("frank"));
        var changed = Person("frank");
        changed.Email = "frank@example.net";
        changed.EmailVerified = false;

        await SaveAsync(changed);

        var account = await FindAsync("frank");
        Assert.Equal(("frank@example.net", false), (account.Email, account.EmailConfirmed));
        Assert.Equal("FRANK@EXAMPLE.NET", account.NormalizedEmail);
    }

    [Fact]
    public async Task What_the_person_chose_since_stays_until_that_is_declared_differently()
    {
        var declared = Person("lena");
        declared.Claims!["locale"] = "en-GB";
        await SaveAsync(declared);
        await ChooseAsync("lena", "de", """{"name":"Lena B.","locale":"de","nickname":"L","address":{"country":"Germany"}}""");

        await SaveAsync(declared);
        var kept = await FindAsync("lena");
        Assert.Equal(("new@example.com", "de"), (kept.Email, AccountLocale.Of(kept)));

        var another = Person("lena");
        another.Claims!["locale"] = "en-GB";
        another.Claims["name"] = "Lena Declared";
        another.Claims.Remove("address");
        await SaveAsync(another);

        var merged = await FindAsync("lena");
        Assert.Equal(("new@example.com", true), (merged.Email, merged.EmailConfirmed));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""{"name":"Lena Declared","locale":"de","nickname":"L"}"""), JsonNode.Parse(merged.Claims!)), merged.Claims);
    }

    [Fact]
    public async Task Who_took_the_declared_language_back_is_not_given_it_again()
    {
        var declared = Person("mira");
        declared.Claims!["locale"] = "en-GB";
        await SaveAsync(declared);
        await using (var scope = server.Services.CreateAsyncScope())
        {
            Assert.True(await scope.ServiceProvider.GetRequiredService<AccountLocale>().TryChooseAsync((await FindAsync("mira")).Id, null));
        }

        await SaveAsync(declared);

        Assert.Null(AccountLocale.Of(await FindAsync("mira")));
    }

    [Fact]
    public async Task An_account_is_switched_off_and_on_only_by_saying_so()
    {
        var (off, on) = (Person("grace"), Person("grace"));
        (off.Enabled, on.Enabled) = (false, true);

        await SaveAsync(off);
        Assert.True((await FindAsync("grace")).Disabled);

        await SaveAsync(Person("grace"));
        Assert.True((await FindAsync("grace")).Disabled);

        await SaveAsync(on);
        Assert.False((await FindAsync("grace")).Disabled);
    }

    [Fact]
    public async Task Another_declared_password_ends_the_sessions()
    {
        await SaveAsync(Person("judy", password: ServerFixture.Password));
        using var browser = await server.SignInAsync("judy");
        Assert.Equal(200, (await browser.GoAsync("/account")).Status);

        await SaveAsync(Person("judy", password: "another password for judy"));

        await browser.GoAsync("/account");
        Assert.NotEqual("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task Only_accounts_of_Development_are_marked_as_such()
    {
        await SaveAsync(Person("heidi"), isDevelopment: false);
        await SaveAsync(Person("ivan"), isDevelopment: true);
        await SaveAsync(Person("ivan"), isDevelopment: true);

        var marked = await server.Services.GetRequiredService<IAccountMarkStore>()
            .FindMarkedAsync(AccountMarks.DeclaredIn, AccountMarks.Development, CancellationToken.None);
        Assert.Contains("ivan", marked);
        Assert.DoesNotContain("heidi", marked);
    }

    [Fact]
    public async Task Comparing_finds_what_saving_would_change_and_nothing_else()
    {
        var declared = Person("kim", password: "the declared password");
        declared.Enabled = true;
        Assert.Single(await CompareAsync(declared));
        await SaveAsync(declared);
        Assert.Empty(await CompareAsync(declared));
        Assert.Single(await CompareAsync(declared, isDevelopment: true));

        Action<DeclaredAccount>[] changes =
        [
            account => account.Password = "another password",
            account => account.Email = "kim@example.net",
            account => account.EmailVerified = false,
            account => account.PhoneNumber = "+12025550199",
            account => account.Claims = null,
            account => account.Enabled = false,
        ];
        foreach (var change in changes)
        {
            var changed = Person("kim", password: "the declared password");
            change(changed);
            Assert.Single(await CompareAsync(changed));
        }

        await SaveAsync(declared, isDevelopment: true);
        Assert.Empty(await CompareAsync(declared, isDevelopment: true));

        Task<IReadOnlyList<DeclaredAccount>> CompareAsync(DeclaredAccount account, bool isDevelopment = false) =>
            server.Services.GetRequiredService<DeclaredAccountComparison>().FindDifferentAsync([account], isDevelopment, CancellationToken.None);
    }

    private static DeclaredAccount Person(string name, string? password = null) => new()
    {
        UserName = name,
        Password = password,
        Email = name + "@example.com",
        EmailVerified = true,
        Claims = new() { ["name"] = name, ["address"] = new JsonObject { ["country"] = "Germany" } },
    };

    /// <summary>What a person does on the account page.</summary>
    private Task ChooseAsync(string name, string locale, string claims) => WithUsersAsync(async users =>
    {
        var account = (await users.FindByNameAsync(name))!;
        (account.Email, account.Claims) = ("new@example.com", claims);
        Assert.Equal(locale, AccountLocale.Of(account));
        Assert.True((await users.UpdateAsync(account)).Succeeded);
    });

    private async Task SaveAsync(DeclaredAccount account, bool isDevelopment = false)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<DeclaredAccounts>();
        Assert.Empty(await accounts.SaveAsync([account], isDevelopment, CancellationToken.None));
    }

    private async Task<Account> FindAsync(string name)
    {
        Account? account = null;
        await WithUsersAsync(async users => account = await users.FindByNameAsync(name));
        return account!;
    }

    private async Task<bool> AcceptsAsync(string name, string password)
    {
        var accepted = false;
        await WithUsersAsync(async users => accepted = await users.CheckPasswordAsync((await users.FindByNameAsync(name))!, password));
        return accepted;
    }

    private async Task WithUsersAsync(Func<UserManager<Account>, Task> work)
    {
        await using var scope = server.Services.CreateAsyncScope();
        await work(scope.ServiceProvider.GetRequiredService<UserManager<Account>>());
    }
}
