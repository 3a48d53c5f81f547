using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>What is sent to the client: RFC 6749 §4.1.2, RFC 9207 §2.</summary>
public sealed class AuthorizationResponseTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    [Case(31)]
    [Clause("RFC 6749", "4.1.2", "state: REQUIRED if the \"state\" parameter was present in the client authorization request. The exact value received from the client.")]
    [Clause("RFC 9207", "2", "The iss parameter value is the issuer identifier of the authorization server that created the authorization response")]
    public async Task Success_is_code_state_and_iss_in_that_order()
    {
        var response = await _engine.AuthorizeAsync().ResponseAsync();

        Assert.Equal(["code", "state", "iss"], response.Parameters.Select(pair => pair.Key));
        Assert.Equal("af0ifjsldkj", response.Find("state"));
        Assert.Equal(Engine.Issuer, response.Find("iss"));
        Assert.Equal((Engine.Callback, "query"), (response.RedirectUri, response.ResponseMode));
        Assert.Null(response.Error);
    }

    [Fact]
    [Case(31)]
    [Clause("RFC 9207", "2", "In authorization responses to the client, including error responses, an authorization server ... MUST indicate its identity by including the iss parameter")]
    public async Task Error_is_code_description_state_and_iss()
    {
        var response = await _engine.AuthorizeAsync(("response_type", "token")).ResponseAsync();

        Assert.Equal(["error", "error_description", "state", "iss"], response.Parameters.Select(pair => pair.Key));
        Assert.Equal("unsupported_response_type", response.Find("error"));
        Assert.Equal("af0ifjsldkj", response.Find("state"));
        Assert.Equal(Engine.Issuer, response.Find("iss"));
        Assert.NotNull(response.Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_state_none_comes_back(string? state)
    {
        var success = await _engine.AuthorizeAsync(("state", state)).ResponseAsync();
        var error = await _engine.AuthorizeAsync(("state", state), ("scope", "nonsense")).ResponseAsync();

        Assert.Equal(["code", "iss"], success.Parameters.Select(pair => pair.Key));
        Assert.Equal(["error", "error_description", "iss"], error.Parameters.Select(pair => pair.Key));
    }

    [Theory]
    [InlineData("with space+plus&amp=equals#hash%25\"quote\"<tag>")]
    [InlineData("äöü€𐍈\u0001\u007f")]
    [InlineData("{\"deep\":{\"url\":\"https://app.example/?a=b&c=d\"}}")]
    public async Task State_comes_back_as_it_was_sent(string state)
    {
        var direct = await _engine.AuthorizeAsync(("state", state)).ResponseAsync();
        var pending = await _engine.AuthorizeAsync(Engine.Request(("state", state)), session: null).PendingAsync();
        var pendings = _engine.Get<PendingAuthorizations>();
        var afterSignIn = await _engine.ReturnAsync(pendings.Open(pendings.Seal(pending))!, _engine.NewSession("alice")).ResponseAsync();

        Assert.Equal((state, state), (direct.Find("state"), afterSignIn.Find("state")));
    }

    [Theory]
    [Clause("OAuth Multiple Response Types", "2.1", "the default Response Mode for this Response Type (code) is the query encoding")]
    [InlineData(null, "query")]
    [InlineData("query", "query")]
    [InlineData("fragment", "fragment")]
    [InlineData("form_post", "form_post")]
    public async Task Answer_goes_the_way_that_was_asked_errors_included(string? asked, string mode)
    {
        var success = await _engine.AuthorizeAsync(("response_mode", asked)).ResponseAsync();
        var error = await _engine.AuthorizeAsync(("response_mode", asked), ("scope", "nonsense")).ResponseAsync();

        Assert.Equal((mode, mode), (success.ResponseMode, error.ResponseMode));
        Assert.Equal("invalid_scope", error.Find("error"));
    }

    [Theory]
    [Case(22)]
    [InlineData("web_message")]
    [InlineData("Query")]
    [InlineData("query.jwt")]
    [InlineData("form_post ")]
    public async Task Unknown_response_mode_is_told_in_the_safe_default_one(string mode)
    {
        var response = await _engine.AuthorizeAsync(("response_mode", mode)).ResponseAsync();

        Assert.Equal(("invalid_request", "query"), (response.Find("error"), response.ResponseMode));
    }

    [Fact]
    [Clause("RFC 6749", "4.1.2", "The authorization code is bound to the client identifier and redirection URI.")]
    public async Task Code_says_who_allowed_what_to_whom_and_writes_nothing()
    {
        var before = (_engine.Grants.Reads, _engine.Grants.Writes);
        var code = _engine.Get<AuthorizationCodes>().Open(await _engine.GetCodeAsync(("resource", "https://orders.example")))!;

        Assert.Equal(("app", "alice", Engine.Callback), (code.ClientId, code.Subject, code.RedirectUri));
        Assert.Equal((_engine.Session.Id, _engine.Session.AuthTime), (code.SessionId, code.AuthTime));
        Assert.Equal(("n-0S6_WzA2Mj", Engine.Challenge(Engine.Verifier)), (code.Nonce, code.CodeChallenge));
        Assert.Equal("openid orders.read", code.Scope.ToString());
        Assert.Equal(["https://orders.example"], code.Resources);
        Assert.Equal(before, (_engine.Grants.Reads, _engine.Grants.Writes));
    }

    [Fact]
    [Case(73)]
    [Clause("RFC 6749", "10.10", "The probability of an attacker guessing generated tokens MUST be less than or equal to 2^(-128)")]
    public async Task Codes_of_the_same_request_have_nothing_in_common()
    {
        var first = await _engine.GetCodeAsync();
        var second = await _engine.GetCodeAsync();

        Assert.NotEqual(first[..20], second[..20]);
        Assert.DoesNotContain("alice", first, StringComparison.Ordinal);
        Assert.NotEqual(_engine.Get<AuthorizationCodes>().Open(first)!.Id, _engine.Get<AuthorizationCodes>().Open(second)!.Id);
    }

    [Fact]
    [Clause("RFC 6749", "4.1.2.1", "error_description ... MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E")]
    public async Task Descriptions_stay_in_the_allowed_characters_and_repeat_no_input()
    {
        foreach (var (name, value) in new[] { ("scope", "x\"y\\"), ("prompt", "\u0001évil"), ("resource", "évil"), ("claims", "évil"), ("response_type", "évil") })
        {
            var response = await _engine.AuthorizeAsync((name, value)).ResponseAsync();
            var description = response.Find("error_description")!;

            Assert.DoesNotContain(description, letter => letter is < ' ' or '"' or '\\' or > '~');
            Assert.DoesNotContain(value, description, StringComparison.Ordinal);
        }
    }
}
