using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer.Tests.Issuer;

/// <summary>Mistakes in the options stop the start, all at once.</summary>
public sealed class OptionsTests
{
    [Fact]
    public async Task Every_mistake_is_told_before_the_first_request()
    {
        var problem = await StartAsync(options =>
        {
            options.ClockSkew = TimeSpan.FromHours(1);
            options.MaximumTokenLength = 0;
        });

        Assert.Equal(4, problem!.Failures.Count());
        Assert.All(problem.Failures, line => Assert.StartsWith("Authentication scheme 'Bearer': ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://id.example")]
    [InlineData("https://id.example/tenant/")]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080")]
    public async Task Issuer_on_https_or_loopback_is_allowed(string authority) =>
        Assert.Null(await StartAsync(options => (options.Authority, options.Audience) = (authority, "api")));

    [Theory]
    [InlineData("")]
    [InlineData("id.example")]
    [InlineData("http://id.example")]
    [InlineData("http://localhost.example")]
    [InlineData("https://id.example?x")]
    [InlineData("https://id.example#x")]
    [InlineData("https://user@id.example")]
    [InlineData("ftp://id.example")]
    public async Task Other_issuer_is_not_allowed(string authority) =>
        Assert.NotNull(await StartAsync(options => (options.Authority, options.Audience) = (authority, "api")));

    [Fact]
    public async Task Two_issuers_live_side_by_side()
    {
        var builder = Builder();
        builder.Services.AddAuthentication()
            .AddIdentityProvider("one", options => (options.Authority, options.Audience) = ("https://one.example", "api"))
            .AddIdentityProvider("two", options => (options.Authority, options.Audience) = ("https://two.example", "api"));
        await using var app = builder.Build();
        await app.StartAsync();

        var options = app.Services.GetRequiredService<IOptionsMonitor<ResourceServerOptions>>();
        Assert.Equal(("https://one.example", "https://two.example"), (options.Get("one").Authority, options.Get("two").Authority));
    }

    private static async Task<OptionsValidationException?> StartAsync(Action<ResourceServerOptions> configure)
    {
        var builder = Builder();
        builder.Services.AddAuthentication().AddIdentityProvider(configure);
        await using var app = builder.Build();
        return await Record.ExceptionAsync(() => app.StartAsync()) as OptionsValidationException;
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--urls", "http://127.0.0.1:0"] });
        builder.Logging.ClearProviders();
        return builder;
    }
}
