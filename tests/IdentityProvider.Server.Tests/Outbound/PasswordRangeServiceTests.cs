using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Outbound;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Outbound;

public sealed class PasswordRangeServiceTests : IAsyncLifetime
{
    private const string Password = "a password from somebody's breach";

    private static readonly string Hash = HashOf(Password);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<(string Method, string Target, IHeaderDictionary Headers)> _received = [];
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _service = null!;
    private Func<HttpContext, Task> _answer = _ => Task.CompletedTask;

    private string Address => _service.Urls.First() + "/range";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _service = builder.Build();
        _service.Run(context =>
        {
            var headers = new HeaderDictionary(context.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            _received.Add((context.Request.Method, context.Request.Path + context.Request.QueryString, headers));
            return _answer(context);
        });
        await _service.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _end.TrySetResult();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Five_characters_of_the_hash_leave_the_server_and_a_listed_password_is_known()
    {
        Answer($"0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{Hash[5..]}:37");

        Assert.True(await AskAsync(Password));

        var (method, target, headers) = Assert.Single(_received);
        Assert.Equal(("GET", $"/range/{Hash[..5]}"), (method, target));
        Assert.Equal("true", headers["Add-Padding"]);
        var sent = method + target + string.Concat(headers.Select(header => $"{header.Key}:{header.Value}"));
        Assert.DoesNotContain(Hash[5..9], sent, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2", false)]
    [InlineData("0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n{suffix}:0", false)]
    [InlineData("{suffix}:1", true)]
    [InlineData("{SUFFIX}:25\n", true)]
    [InlineData("{suffix}", false)]
    [InlineData("{suffix}:-1", false)]
    [InlineData("{suffix}:many", false)]
    [InlineData("<html>no such page</html>", false)]
    [InlineData("", false)]
    public async Task Only_a_line_with_its_suffix_and_a_count_makes_a_password_known(string lines, bool known)
    {
        Answer(lines.Replace("{suffix}", Hash[5..].ToLowerInvariant(), StringComparison.Ordinal).Replace("{SUFFIX}", Hash[5..], StringComparison.Ordinal));

        Assert.Equal(known, await AskAsync(Password));
    }

    [Theory]
    [InlineData("down", "no connection")]
    [InlineData("slow", "no answer in time")]
    [InlineData("slow body", "no answer in time")]
    [InlineData("huge", "too long")]
    [InlineData("no list", "no list")]
    [InlineData("redirect", "302")]
    [InlineData("error", "503")]
    [InlineData("private", "only https")]
    public async Task Without_a_usable_answer_every_password_passes_and_the_log_says_why_but_nothing_of_the_password(string trouble, string reason)
    {
        _answer = context => MisbehaveAsync(context, trouble);
        var timeout = trouble.StartsWith("slow", StringComparison.Ordinal) ? TimeSpan.FromSeconds(1) : Patience;
        using var logs = new LogCapture();

        Assert.False(await AskAsync(Password, logs, trouble == "down" ? "http://127.0.0.1:1/range/" : Address, trouble != "private", timeout));

        var entry = Assert.Single(logs.Entries);
        Assert.Equal((LogLevel.Warning, 7003), (entry.Level, entry.EventId));
        Assert.Contains(reason, entry.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Hash[..5], entry.Text + entry.Exception, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, entry.Text + entry.Exception, StringComparison.Ordinal);
        Assert.True(_received.Count <= 1);
    }

    [Fact]
    public async Task Without_the_setting_nobody_is_asked()
    {
        using var logs = new LogCapture();

        Assert.False(await AskAsync(Password, logs, address: null));

        Assert.Empty(_received);
        Assert.Empty(logs.Entries);
    }

    [Theory]
    [InlineData("range.example")]
    [InlineData("ftp://range.example/")]
    [InlineData("https://user@range.example/")]
    [InlineData("https://range.example/?q=")]
    [InlineData("https://range.example/#")]
    public void The_setting_is_the_beginning_of_an_address(string address)
    {
        var problem = Assert.Single(new AccountsOptions { PasswordRangeService = address }.Validate());

        Assert.StartsWith("Accounts:password_range_service must be", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_every_page_a_known_password_is_refused_as_one_of_the_shipped_list_is_and_any_other_passes()
    {
        Answer($"{Hash[5..]}:37");
        using var server = ServerFixture.With(
            $$"""{ "Accounts": { "password_range_service": "{{Address}}/" }, "Outbound": { "allow_private_addresses": true } }""");
        using var browser = server.NewBrowser();
        await browser.GoAsync("/register");
        Refused(await browser.SubmitAsync("register", ("email", "carol@example.com"), ("password", Password)));

        await server.RegisterAsync(browser, "carol@example.com", "quite another one, unheard of");
        await browser.GoAsync("/account/password");
        Refused(await browser.SubmitAsync("password", ("current", "quite another one, unheard of"), ("password", Password)));

        using var forgetful = server.NewBrowser();
        await forgetful.GoAsync("/forgot");
        await forgetful.SubmitAsync("forgot", ("username", "alice"));
        await forgetful.GoAsync((await server.Mails.NextAsync("alice@example.com")).Link.PathAndQuery);
        Refused(await forgetful.SubmitAsync("set", ("password", Password)));
        Assert.False(server.Logs.Tells(Hash[..5]));
        Assert.DoesNotContain(Hash[..10], server.Logs.AllText, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, server.Logs.AllText, StringComparison.Ordinal);

        static void Refused(Answer answer)
        {
            Assert.Equal(400, answer.Status);
            Assert.Contains("easy to guess", answer.Body, StringComparison.Ordinal);
        }
    }

    private async Task MisbehaveAsync(HttpContext context, string how)
    {
        var line = Encoding.ASCII.GetBytes($"{Hash[5..]}:37\r\n");
        switch (how)
        {
            case "slow":
                await _end.Task;
                return;
            case "slow body":
                await context.Response.Body.WriteAsync(line);
                await context.Response.Body.FlushAsync();
                await _end.Task;
                return;
            case "huge":
                for (var written = 0; written <= 256 * 1024; written += line.Length)
                {
                    await context.Response.Body.WriteAsync(line);
                }

                return;
            case "no list":
                await context.Response.WriteAsync($"<p>{Hash}</p>");
                return;
            default:
                context.Response.StatusCode = how is "redirect" ? 302 : 503;
                context.Response.Headers.Location = $"{Address}/{Hash[..5]}";
                await context.Response.Body.WriteAsync(line);
                return;
        }
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "the form of the service's list")]
    private static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));

    private void Answer(string lines) => _answer = context => context.Response.WriteAsync(lines);

    private async Task<bool> AskAsync(string password)
    {
        using var logs = new LogCapture();
        return await AskAsync(password, logs, Address);
    }

    private static async Task<bool> AskAsync(string password, LogCapture logs, string? address, bool allowPrivate = true, TimeSpan? timeout = null)
    {
        var options = Options.Create(new ProtocolOptions
        {
            Outbound = new OutboundOptions { AllowPrivateAddresses = allowPrivate, Timeout = timeout ?? Patience },
        });
        using var http = new OutboundHttp(options);
        using var factory = LoggerFactory.Create(builder => builder.AddProvider(logs));
        var service = new PasswordRangeService(
            http, Options.Create(new AccountsOptions { PasswordRangeService = address }), options, factory.CreateLogger<PasswordRangeService>());
        return await service.ContainsAsync(password, CancellationToken.None);
    }
}
