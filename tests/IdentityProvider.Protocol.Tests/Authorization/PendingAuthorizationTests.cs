using System.Globalization;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>The request while the person is on our pages: sealed, complete, short-lived.</summary>
public sealed class PendingAuthorizationTests : IDisposable
{
    /// <summary>An address ends at 8 kB, and the host, the path and HTTP want some of it.</summary>
    private const int LongestSealed = 7800;

    private readonly Engine _engine = new();

    private PendingAuthorizations Pendings => _engine.Get<PendingAuthorizations>();

    public void Dispose() => _engine.Dispose();

    private Task<PendingAuthorization> BeginAsync(params (string Name, string? Value)[] changes) =>
        _engine.AuthorizeAsync(Engine.Request(changes), session: null).PendingAsync();

    [Fact]
    public async Task Everything_comes_back_as_it_was()
    {
        var pairs = Engine.Request(("login_hint", "älice@example.com")).Concat(
            [new("unheard_of", "\"&<\u0001"), new("resource", "https://orders.example"), new("resource", "https://orders.example")]);
        var pending = (await _engine.AuthorizeAsync(pairs, session: null).PendingAsync()) with
        {
            BrowserBinding = "binding",
            AccountSelected = true,
            RegistrationAnswered = true,
            Consent = new ConsentDecision(Guid.CreateVersion7(), ScopeSet.Of("openid", "orders.read")),
            Denied = true,
        };

        var opened = Pendings.Open(Pendings.Seal(pending))!;

        Assert.Equal(pairs.Select(pair => pair.Key + "=" + pair.Value), opened.Parameters.Select(pair => pair.Key + "=" + pair.Value));
        Assert.Equal(pending with { Parameters = opened.Parameters }, opened);
    }

    [Fact]
    public async Task New_one_is_bound_to_no_browser_and_answered_by_nobody()
    {
        var pending = await BeginAsync();

        Assert.Equal((string.Empty, null), (pending.BrowserBinding, pending.Consent));
        Assert.False(pending.AccountSelected || pending.RegistrationAnswered || pending.Denied);
        Assert.Equal("app", pending.ClientId);
        Assert.Equal(_engine.Clock.GetUtcNow(), pending.CreatedAt);
    }

    [Fact]
    public async Task Every_altered_character_makes_it_worthless()
    {
        var value = Pendings.Seal(await BeginAsync());
        for (var i = 0; i < value.Length - 1; i++)
        {
            var other = value[i] == 'A' ? 'B' : 'A';

            Assert.Null(Pendings.Open(string.Concat(value.AsSpan(0, i), [other], value.AsSpan(i + 1))));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("äöü")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Junk_opens_to_nothing(string? value) => Assert.Null(Pendings.Open(value));

    [Fact]
    public async Task Code_is_no_pending_request_and_a_pending_request_is_no_code()
    {
        Assert.Null(Pendings.Open(await _engine.GetCodeAsync()));
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(Pendings.Seal(await BeginAsync()))).Error!.Code);
        Assert.Null(_engine.Get<ISealing>().Open(SealPurpose.PageState, Pendings.Seal(await BeginAsync())));
    }

    [Fact]
    public async Task It_is_worth_nothing_after_an_hour()
    {
        var value = Pendings.Seal(await BeginAsync());
        _engine.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromTicks(1));
        Assert.NotNull(Pendings.Open(value));

        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Pendings.Open(value));
    }

    [Theory]
    [Case(20)]
    [InlineData("a")]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("<")]
    [InlineData("+")]
    [InlineData("'")]
    [InlineData("\u0001")]
    [InlineData("é")]
    [InlineData("€")]
    [InlineData("😀")]
    [InlineData("\u2028")]
    [InlineData("\ue000")]
    [InlineData("\uffff")]
    public async Task Request_is_refused_whole_before_its_sealed_form_outgrows_an_address(string letter)
    {
        var longest = 0;
        for (var length = 100; length <= 5000; length += 100)
        {
            var outcome = await _engine.AuthorizeAsync(Engine.Request(("state", string.Concat(Enumerable.Repeat(letter, length)))), session: null);
            if (outcome is AuthorizationOutcome.Interact interact)
            {
                Assert.Equal(length * letter.Length, interact.Pending["state"]!.Length);
                longest = Math.Max(longest, Pendings.Seal(Answered(interact.Pending)).Length);
            }
            else
            {
                Assert.Equal(Outcomes.Refused, outcome.Word());
            }
        }

        Assert.InRange(longest, 1000, LongestSealed);
    }

    [Fact]
    [Case(20)]
    public async Task Many_small_parameters_are_counted_with_what_they_cost()
    {
        for (var count = 0; count <= 2000; count += 100)
        {
            var pairs = Engine.Request().Concat(Enumerable.Range(0, count).Select(number =>
                KeyValuePair.Create(number.ToString("x", CultureInfo.InvariantCulture), "1")));
            if (await _engine.AuthorizeAsync(pairs, session: null) is AuthorizationOutcome.Interact interact)
            {
                Assert.InRange(Pendings.Seal(Answered(interact.Pending)).Length, 0, LongestSealed);
            }
        }
    }

    [Fact]
    [Case(20)]
    public async Task Scope_is_counted_twice_for_the_consent_repeats_it()
    {
        for (var length = 1; length <= 50; length++)
        {
            var scope = "openid " + string.Join(' ', Enumerable.Range(10, 90).Select(number => number + new string('s', length)));
            if (await _engine.AuthorizeAsync(Engine.Request(("scope", scope)), session: null) is AuthorizationOutcome.Interact interact)
            {
                Assert.InRange(Pendings.Seal(Answered(interact.Pending)).Length, 0, LongestSealed);
            }
        }
    }

    [Fact]
    [Case(20)]
    public async Task State_of_64_kilobytes_is_told_to_the_person_with_or_without_a_session()
    {
        var state = new string('s', 64 * 1024);

        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(("state", state)).WordAsync());
        Assert.Equal(Outcomes.Refused, await _engine.AuthorizeAsync(Engine.Request(("state", state)), session: null).WordAsync());
    }

    /// <summary>As large as it gets: every page was there.</summary>
    private static PendingAuthorization Answered(PendingAuthorization pending) => pending with
    {
        BrowserBinding = new string('b', 43),
        AccountSelected = true,
        RegistrationAnswered = true,
        Denied = true,
        Consent = new ConsentDecision(Guid.CreateVersion7(), ScopeSet.TryParse(pending["scope"])!),
    };
}
