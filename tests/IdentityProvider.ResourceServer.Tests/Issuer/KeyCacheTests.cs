using IdentityProvider.ResourceServer.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer.Tests.Issuer;

/// <summary>When keys are fetched, how often, and what happens when they cannot be.</summary>
public sealed class KeyCacheTests
{
    private const string Metadata = "/.well-known/openid-configuration";

    [Fact]
    public async Task Keys_are_fetched_once_and_kept_as_long_as_the_issuer_allows()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.KeysMaximumAge = TimeSpan.FromMinutes(10);
        await api.StatusOfAsync(api.Issuer.Token());
        api.Clock.Advance(400);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Equal((1, 1), (api.Issuer.Requests(Metadata), api.Issuer.Requests("/jwks")));

        api.Clock.Advance(201);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Equal(2, api.Issuer.Requests("/jwks"));
    }

    [Fact]
    public async Task Key_that_left_the_set_is_refused_when_the_cache_time_is_over()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["exp"] = api.Issuer.Seconds(86400));
        Assert.Equal(200, await api.StatusOfAsync(token));
        api.Issuer.Keys = [IssuerKey.Create("second")];

        api.Clock.Advance(449);
        Assert.Equal(200, await api.StatusOfAsync(token));
        api.Clock.Advance(152);
        await api.RefusesAsync(token, "signed by an unknown key");
    }

    [Fact]
    public async Task Token_of_a_new_key_is_accepted_at_once()
    {
        await using var api = await TestApi.StartAsync();
        await api.StatusOfAsync(api.Issuer.Token());
        api.Issuer.Keys.Insert(0, IssuerKey.Create("second"));

        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Equal(2, api.Issuer.Requests("/jwks"));
    }

    [Fact]
    public async Task No_token_is_refused_through_three_rotations_of_announced_keys()
    {
        await using var api = await TestApi.StartAsync();
        var keys = Enumerable.Range(0, 4).Select(number => IssuerKey.Create("rotation" + number)).ToArray();
        for (var rotation = 0; rotation < 3; rotation++)
        {
            // Announced for longer than max-age, then active, then retired while its tokens live.
            api.Issuer.Keys = [keys[rotation], keys[rotation + 1]];
            for (var minute = 0; minute < 12; minute++)
            {
                Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token(key: keys[rotation])));
                api.Clock.Advance(60);
            }

            Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token(key: keys[rotation + 1])));
        }

        Assert.DoesNotContain(api.Log.Lines, line => line.StartsWith("Access token refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Storm_of_unknown_keys_causes_one_fetch_in_thirty_seconds()
    {
        await using var api = await TestApi.StartAsync();
        await api.StatusOfAsync(api.Issuer.Token());

        async Task StormAsync(int round) => Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(number =>
                api.StatusOfAsync(api.Issuer.Token(key: IssuerKey.Create($"unknown-{round}-{number}"))))),
            status => Assert.Equal(401, status));

        await StormAsync(0);
        Assert.Equal(2, api.Issuer.Requests("/jwks"));
        api.Clock.Advance(29);
        await StormAsync(1);
        Assert.Equal(2, api.Issuer.Requests("/jwks"));
        api.Clock.Advance(2);
        await StormAsync(2);
        Assert.Equal(3, api.Issuer.Requests("/jwks"));
        Assert.Equal(1, api.Issuer.Requests(Metadata));
    }

    [Fact]
    public async Task First_requests_all_at_once_share_one_fetch()
    {
        await using var api = await TestApi.StartAsync();
        var release = new TaskCompletionSource();
        api.Issuer.Overrides[Metadata] = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync($"{{\"issuer\":\"{api.Issuer.Issuer}\",\"jwks_uri\":\"{api.Issuer.Issuer}/jwks\"}}");
        };
        var requests = Enumerable.Range(0, 20).Select(_ => api.StatusOfAsync(api.Issuer.Token())).ToArray();
        release.SetResult();

        Assert.All(await Task.WhenAll(requests), status => Assert.Equal(200, status));
        Assert.Equal((1, 1), (api.Issuer.Requests(Metadata), api.Issuer.Requests("/jwks")));
    }

    [Fact]
    public async Task Keys_stay_in_use_when_the_issuer_is_out_of_reach_and_then_end()
    {
        await using var api = await TestApi.StartAsync(options => options.StaleKeyLifetime = TimeSpan.FromHours(1));
        var token = api.Issuer.Token(claims => claims["exp"] = api.Issuer.Seconds(86400));
        Assert.Equal(200, await api.StatusOfAsync(token));
        api.Issuer.Overrides["/jwks"] = Refuse(500);

        api.Clock.Advance(TimeSpan.FromMinutes(69));
        Assert.Equal(200, await api.StatusOfAsync(token));
        api.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(503, await api.StatusOfAsync(token));
    }

    [Fact]
    public async Task Api_without_keys_says_it_is_unavailable_and_does_not_hammer_the_issuer()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Overrides[Metadata] = Refuse(503);
        using var response = await api.GetAsync("/any", api.Issuer.Token());

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("5", response.Headers.RetryAfter!.ToString());
        Assert.Empty(response.Headers.WwwAuthenticate);
        for (var again = 0; again < 50; again++)
        {
            Assert.Equal(503, await api.StatusOfAsync(api.Issuer.Token()));
        }

        Assert.Equal(1, api.Issuer.Requests(Metadata));
        using var open = await api.GetAsync("/open", api.Issuer.Token());
        Assert.Equal(200, (int)open.StatusCode);

        api.Issuer.Overrides.Clear();
        api.Clock.Advance(2);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token()));
    }

    [Theory]
    [InlineData("{\"issuer\":\"ISSUER/\",\"jwks_uri\":\"ISSUER/jwks\"}")]
    [InlineData("{\"issuer\":\"https://elsewhere.example\",\"jwks_uri\":\"ISSUER/jwks\"}")]
    [InlineData("{\"jwks_uri\":\"ISSUER/jwks\"}")]
    [InlineData("{\"issuer\":\"ISSUER\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"http://elsewhere.example/jwks\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"jwks_uri\":\"file:///etc/passwd\"}")]
    [InlineData("{\"issuer\":\"ISSUER\",\"issuer\":\"ISSUER\",\"jwks_uri\":\"ISSUER/jwks\"}")]
    [InlineData("<html>")]
    public async Task Metadata_that_are_not_the_issuers_are_not_used(string document)
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Overrides[Metadata] = context =>
            context.Response.WriteAsync(document.Replace("ISSUER", api.Issuer.Issuer, StringComparison.Ordinal));

        Assert.Equal(503, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Equal(0, api.Issuer.Requests("/jwks"));
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Overrides["/jwks"] = context =>
        {
            context.Response.Redirect(api.Issuer.Issuer + "/elsewhere");
            return Task.CompletedTask;
        };

        Assert.Equal(503, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Equal(0, api.Issuer.Requests("/elsewhere"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answer_larger_than_the_limit_is_cut_off(bool saysItsLength)
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Overrides["/jwks"] = async context =>
        {
            var chunk = new byte[16 * 1024];
            context.Response.ContentLength = saysItsLength ? 100_000_000 : null;
            for (var sent = 0; !context.RequestAborted.IsCancellationRequested && sent < 100_000_000; sent += chunk.Length)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        Assert.Equal(503, await api.StatusOfAsync(api.Issuer.Token()));
        Assert.Contains("larger than 65536 bytes", api.Log.Last("The keys"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_never_ends_is_given_up()
    {
        await using var api = await TestApi.StartAsync(options => options.IssuerTimeout = TimeSpan.FromMilliseconds(200));
        api.Issuer.Overrides["/jwks"] = async context =>
        {
            await context.Response.Body.WriteAsync("{"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };

        Assert.Equal(503, await api.StatusOfAsync(api.Issuer.Token()));
    }

    private static RequestDelegate Refuse(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
