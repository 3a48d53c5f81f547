using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.SignIn;

/// <summary>People with authenticator apps, as the tests of second factors need them.</summary>
internal static class SecondFactorSteps
{
    /// <summary>A new account of a name that no other test has.</summary>
    public static async Task<string> AddPersonAsync(this ServerFixture server, Action<Account>? change = null)
    {
        using var scope = server.Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var name = "person-" + Guid.NewGuid().ToString("N");
        var account = Account.Create(name, email: null, server.Clock.GetUtcNow());
        account.PasswordHash = scope.ServiceProvider.GetRequiredService<IPasswordHasher<Account>>().HashPassword(account, ServerFixture.Password);
        account.EmailConfirmed = true;
        change?.Invoke(account);
        Assert.True((await users.CreateAsync(account)).Succeeded);
        return name;
    }

    /// <summary>Changes an account behind everybody's back.</summary>
    public static async Task ChangeAsync(this ServerFixture server, string name, Action<Account> change)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = (await users.FindByNameAsync(name) ?? await users.FindByEmailAsync(name))!;
        change(account);
        await scope.ServiceProvider.GetRequiredService<IUserStore<Account>>().UpdateAsync(account, CancellationToken.None);
    }

    /// <summary>A new account with an app, set up on our page.</summary>
    public static async Task<Person> AddPersonWithAppAsync(this ServerFixture server, Action<Account>? change = null)
    {
        var name = await server.AddPersonAsync(change);
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/second-factor/app");
        var key = browser.Text("#totp-key");
        var app = new App(server, key);
        await browser.SendFormAsync("#set-up", ("code", app.Code()));
        string[] codes = [.. browser.Page.QuerySelectorAll("#codes li").Select(code => code.TextContent.Trim())];
        Assert.Equal(10, codes.Length);
        return new Person(name, app, codes);
    }

    /// <summary>Types name and password on the sign-in page where the browser is.</summary>
    public static Task<Answer> TypePasswordAsync(this Browser browser, string name) => browser.SignInAsync(name, ServerFixture.Password);

    public static Task<Answer> TypeCodeAsync(this Browser browser, string code, params (string Name, string Value)[] more) =>
        browser.SendFormAsync("#second-factor", [("code", code), ("decision", "continue"), .. more]);

    /// <summary>Another browser with all the cookies of this one, as somebody with access to them could have.</summary>
    public static Browser CopyOf(this ServerFixture server, Browser browser)
    {
        var copy = server.NewBrowser();
        foreach (var cookie in browser.Cookies.GetAllCookies().ToList())
        {
            copy.SetCookie(cookie.Name, cookie.Value);
        }

        return copy;
    }

    public static bool IsSignedIn(this Browser browser) => browser.SessionCookie() is not null;

    public static JsonElement ClaimsOf(string token) => JsonElement.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));

    internal sealed record Person(string Name, App App, string[] Codes);

    /// <summary>An authenticator app: it knows what stands on our page and nothing else.</summary>
    internal sealed class App(ServerFixture server, string key)
    {
        private readonly byte[] _secret = Decode(key.Replace(" ", string.Empty, StringComparison.Ordinal));

        /// <summary>A code that was not used yet.</summary>
        public string FreshCode()
        {
            server.Clock.Advance(TimeSpan.FromSeconds(31));
            return Code();
        }

        public string Code() => CodeAt(0);

        /// <summary>A code that is not right, nor will be or was a moment ago; a fixed one is right by chance.</summary>
        public string WrongCode() =>
            new[] { "000000", "000001", "000002", "000003", "000004", "000005" }.Except(Enumerable.Range(-2, 5).Select(CodeAt), StringComparer.Ordinal).First();

        private string CodeAt(int stepsFromNow) => Totp.Compute(_secret, Totp.StepOf(server.Clock.GetUtcNow()) + stepsFromNow);

        private static byte[] Decode(string text)
        {
            const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
            var bits = new StringBuilder();
            foreach (var letter in text)
            {
                bits.Append(Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0'));
            }

            return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.ToString(i * 8, 8), 2))];
        }
    }
}
