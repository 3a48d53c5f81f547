using System.Text.Json.Nodes;
using IdentityProvider.ResourceServer.Tests.Testing;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer.Tests.Status;

/// <summary>Tokens with a status: Token Status List §8.3 as this package applies it.</summary>
public sealed class WithdrawnTokenTests
{
    private const string Withdrawn = "withdrawn: the status list says so";
    private const string BadReference = "status list is of another origin or has no such index";

    [Fact]
    public async Task Withdrawn_token_is_refused_and_its_neighbours_are_not()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Withdraw(9);

        await api.RefusesAsync(api.Issuer.TokenWithStatus(9), Withdrawn);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(8)));
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(10)));
        Assert.Equal(1, api.Issuer.Requests("/status/1"));
    }

    [Fact]
    public async Task Withdrawal_is_seen_within_the_ttl_of_the_list()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.TokenWithStatus(3);
        Assert.Equal(200, await api.StatusOfAsync(token));
        api.Issuer.Withdraw(3);

        api.Clock.Advance(7);
        Assert.Equal((200, 1), (await api.StatusOfAsync(token), api.Issuer.Requests("/status/1")));
        api.Clock.Advance(3);
        await api.RefusesAsync(token, Withdrawn);
    }

    [Fact]
    public async Task Busy_api_renews_the_list_before_anyone_has_to_wait()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.TokenWithStatus(3);
        Assert.Equal(200, await api.StatusOfAsync(token));
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        api.Issuer.Overrides["/status/1"] = async context =>
        {
            asked.SetResult();
            await answer.Task;
            context.Response.StatusCode = 304;
        };

        api.Clock.Advance(8);
        Assert.Equal(200, await api.StatusOfAsync(token));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        answer.SetResult();
        Assert.Equal(2, api.Issuer.Requests("/status/1"));
    }

    [Fact]
    public async Task Unchanged_list_is_not_sent_again()
    {
        await using var api = await TestApi.StartAsync();
        for (var poll = 0; poll < 5; poll++)
        {
            Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(3)));
            api.Clock.Advance(11);
        }

        Assert.Equal((5, 4), (api.Issuer.Requests("/status/1"), api.Issuer.NotModifiedAnswers));
    }

    [Fact]
    public async Task List_about_to_expire_is_asked_for_anew()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.StatusClaims = claims => claims["exp"] = api.Issuer.Seconds(15);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(3)));
        api.Clock.Advance(11);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(3)));

        Assert.Equal((2, 0), (api.Issuer.Requests("/status/1"), api.Issuer.NotModifiedAnswers));
    }

    [Fact]
    public async Task Reference_to_another_origin_is_refused_and_not_fetched()
    {
        await using var api = await TestApi.StartAsync();
        await using var elsewhere = await TestIssuer.StartAsync(api.Clock);
        var port = new Uri(api.Issuer.Issuer).Port;
        string[] addresses =
        [
            elsewhere.StatusUri,
            $"http://localhost:{port}/status/1",
            $"https://127.0.0.1:{port}/status/1",
            $"http://user@127.0.0.1:{port}/status/1",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "/status/1",
            "",
        ];
        foreach (var address in addresses)
        {
            await api.RefusesAsync(api.Issuer.TokenWithStatus(3, address), BadReference);
        }

        Assert.Equal((0, 0), (elsewhere.Requests("/status/1"), api.Issuer.Requests("/status/1")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("{\"status_list\":1}")]
    [InlineData("{\"status_list\":{\"uri\":\"x\"}}")]
    [InlineData("{\"status_list\":{\"idx\":1}}")]
    [InlineData("{\"status_list\":{\"idx\":-1,\"uri\":\"x\"}}")]
    [InlineData("{\"status_list\":{\"idx\":1.5,\"uri\":\"x\"}}")]
    [InlineData("{\"status_list\":{\"idx\":\"1\",\"uri\":\"x\"}}")]
    [InlineData("{\"other\":{\"idx\":1,\"uri\":\"x\"}}")]
    public async Task Status_that_is_not_a_reference_is_refused(string status)
    {
        await using var api = await TestApi.StartAsync();

        await api.RefusesAsync(
            api.Issuer.Token(claims => claims["status"] = JsonNode.Parse(status)),
            "status is not a reference to a status list");
    }

    [Fact]
    public async Task Index_beyond_the_list_is_refused_after_one_look_at_a_newer_one()
    {
        await using var api = await TestApi.StartAsync();
        await api.RefusesAsync(api.Issuer.TokenWithStatus(1024), BadReference);
        await api.RefusesAsync(api.Issuer.TokenWithStatus(1024), BadReference);
        Assert.Equal(2, api.Issuer.Requests("/status/1"));

        api.Issuer.Statuses = new byte[129];
        api.Issuer.StatusVersion++;
        api.Clock.Advance(1);
        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(1024)));
    }

    [Fact]
    public async Task Last_good_list_is_used_until_it_expires_and_then_nothing_is_known()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Withdraw(4);
        var good = api.Issuer.Token(claims => Outlive(api, claims, 3));
        var withdrawn = api.Issuer.Token(claims => Outlive(api, claims, 4));
        Assert.Equal((200, 401), (await api.StatusOfAsync(good), await api.StatusOfAsync(withdrawn)));
        api.Issuer.Overrides["/status/1"] = Broken;

        api.Clock.Advance(3600);
        Assert.Equal((200, 401), (await api.StatusOfAsync(good), await api.StatusOfAsync(withdrawn)));
        api.Clock.Advance(31);
        Assert.Equal((503, 503), (await api.StatusOfAsync(good), await api.StatusOfAsync(withdrawn)));
        api.Issuer.Overrides.Clear();
        api.Clock.Advance(31);
        Assert.Equal((200, 401), (await api.StatusOfAsync(good), await api.StatusOfAsync(withdrawn)));
    }

    [Fact]
    public async Task Unknown_status_is_accepted_only_where_the_api_says_so()
    {
        await using var strict = await TestApi.StartAsync();
        strict.Issuer.Overrides["/status/1"] = Broken;
        await using var lenient = await TestApi.StartAsync(options => options.AcceptTokensOfUnknownStatus = true);
        lenient.Issuer.Overrides["/status/1"] = Broken;
        await using var careless = await TestApi.StartAsync(options => options.CheckStatus = false);

        Assert.Equal(503, await strict.StatusOfAsync(strict.Issuer.TokenWithStatus(3)));
        Assert.Equal(200, await lenient.StatusOfAsync(lenient.Issuer.TokenWithStatus(3)));
        Assert.Equal(200, await careless.StatusOfAsync(careless.Issuer.TokenWithStatus(3)));
        Assert.Equal(0, careless.Issuer.Requests("/status/1"));
    }

    [Fact]
    public async Task List_that_is_not_the_issuers_good_word_is_not_used()
    {
        Action<TestIssuer>[] faults =
        [
            issuer => issuer.StatusType = "jwt",
            issuer => issuer.StatusType = "at+jwt",
            issuer => issuer.StatusKey = () => IssuerKey.Create("first"),
            issuer => issuer.StatusKey = () => IssuerKey.Create("unknown"),
            issuer => issuer.StatusClaims = claims => claims["sub"] = issuer.Issuer + "/status/2",
            issuer => issuer.StatusClaims = claims => claims.Remove("sub"),
            issuer => issuer.StatusClaims = claims => claims["iss"] = "https://elsewhere.example",
            issuer => issuer.StatusClaims = claims => claims.Remove("iat"),
            issuer => issuer.StatusClaims = claims => claims["iat"] = issuer.Seconds(31),
            issuer => issuer.StatusClaims = claims => claims["exp"] = issuer.Seconds(-30),
            issuer => issuer.StatusClaims = claims => claims["exp"] = "never",
            issuer => issuer.StatusClaims = claims => claims["ttl"] = 0,
            issuer => issuer.StatusClaims = claims => claims["ttl"] = "10",
            issuer => issuer.StatusClaims = claims => claims.Remove("status_list"),
            issuer => issuer.Overrides["/status/1"] = context => context.Response.WriteAsync("{}"),
            issuer => issuer.Overrides["/status/1"] = context =>
            {
                context.Response.Redirect(issuer.Issuer + "/status/2");
                return Task.CompletedTask;
            },
        ];
        foreach (var fault in faults)
        {
            await using var api = await TestApi.StartAsync();
            fault(api.Issuer);
            Assert.Equal(503, await api.StatusOfAsync(api.Issuer.TokenWithStatus(3)));
        }
    }

    [Fact]
    public async Task List_without_ttl_exp_and_iss_is_good()
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.StatusClaims = claims =>
        {
            claims.Remove("ttl");
            claims.Remove("exp");
            claims.Remove("iss");
        };

        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.TokenWithStatus(3)));
    }

    [Fact]
    public async Task Wrong_token_is_refused_before_its_status_is_looked_at()
    {
        await using var api = await TestApi.StartAsync();
        var expired = api.Issuer.Token(claims =>
        {
            Outlive(api, claims, 3);
            claims["exp"] = api.Issuer.Seconds(-60);
        });

        await api.RefusesAsync(expired, "expired, or without exp");
        Assert.Equal(0, api.Issuer.Requests("/status/1"));
    }

    private static void Outlive(TestApi api, JsonObject claims, int index)
    {
        claims["exp"] = api.Issuer.Seconds(86400);
        claims["status"] = new JsonObject
        {
            ["status_list"] = new JsonObject { ["idx"] = index, ["uri"] = api.Issuer.StatusUri },
        };
    }

    private static Task Broken(HttpContext context)
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    }
}
