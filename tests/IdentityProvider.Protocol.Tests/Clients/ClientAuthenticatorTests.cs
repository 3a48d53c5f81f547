using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>Exactly one method, the registered one, and one answer for whoever fails: RFC 6749 §2.3 and §5.2.</summary>
public sealed class ClientAuthenticatorTests : IDisposable
{
    private const string Odd = "pä%ss+w:ord €";

    private readonly Engine _engine = new();
    private readonly Assertions _assertions;

    public ClientAuthenticatorTests()
    {
        _assertions = new Assertions(_engine);
        _engine.Register(
            Engine.DefaultClient with { ClientId = "public" },
            WithSecret("basic", ClientAuthenticationMethods.ClientSecretBasic),
            WithSecret("post", ClientAuthenticationMethods.ClientSecretPost),
            WithSecret("off", ClientAuthenticationMethods.ClientSecretBasic) with { Enabled = false },
            Assertions.Worker);
    }

    private static Client WithSecret(string clientId, string method, params (string Secret, DateTimeOffset? End)[] secrets) =>
        Engine.DefaultClient with
        {
            ClientId = clientId,
            TokenEndpointAuthMethod = method,
            Secrets = secrets.Length == 0 ? [Hash(Odd, end: null)] : [.. secrets.Select(secret => Hash(secret.Secret, secret.End))],
        };

    private static ClientSecret Hash(string secret, DateTimeOffset? end) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), end);

    private static string Basic(string clientId, string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(clientId)}:{Uri.EscapeDataString(secret)}"));

    private async Task<string> AskAsync(string? header, params (string Name, string? Value)[] pairs) =>
        (await _engine.AuthenticateAsync(header, pairs)).Error?.Code ?? "accepted";

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Each_client_is_known_by_its_own_method()
    {
        Assert.Equal("public", (await _engine.AuthenticateAsync(null, ("client_id", "public"))).Value!.ClientId);
        Assert.Equal("basic", (await _engine.AuthenticateAsync(Basic("basic", Odd))).Value!.ClientId);
        Assert.Equal("post", (await _engine.AuthenticateAsync(null, ("client_id", "post"), ("client_secret", Odd))).Value!.ClientId);
        Assert.Equal("worker", (await _engine.AuthenticateAsync(
            null, ("client_assertion", _assertions.Make()), ("client_assertion_type", AssertionAuthentication.AssertionType))).Value!.ClientId);
    }

    [Theory]
    [Case(85)]
    [Clause("RFC 7591", "2", "token_endpoint_auth_method: String indicator of the requested authentication method for the token endpoint.")]
    [InlineData("public")]
    [InlineData("basic")]
    [InlineData("post")]
    [InlineData("worker")]
    public async Task No_client_is_known_by_a_method_of_others(string clientId)
    {
        var methods = new Dictionary<string, Task<string>>(StringComparer.Ordinal)
        {
            ["public"] = AskAsync(null, ("client_id", clientId)),
            ["basic"] = AskAsync(Basic(clientId, Odd)),
            ["post"] = AskAsync(null, ("client_id", clientId), ("client_secret", Odd)),
            ["worker"] = _assertions.PresentAsync(_assertions.Make(("iss", clientId), ("sub", clientId))),
        };
        foreach (var (method, answer) in methods)
        {
            Assert.Equal(method == clientId ? "accepted" : "invalid_client", await answer);
        }
    }

    [Fact]
    [Case(80)]
    [Clause("RFC 6749", "5.2", "invalid_client: Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method).")]
    public async Task Whoever_fails_is_told_the_same()
    {
        Result<Client>[] answers =
        [
            await _engine.AuthenticateAsync(Basic("basic", "wrong")),
            await _engine.AuthenticateAsync(Basic("basic", "")),
            await _engine.AuthenticateAsync(Basic("basic", Odd + " ")),
            await _engine.AuthenticateAsync(Basic("unknown", Odd)),
            await _engine.AuthenticateAsync(Basic("off", Odd)),
            await _engine.AuthenticateAsync(Basic("BASIC", Odd)),
            await _engine.AuthenticateAsync(Basic("public", "")),
            await _engine.AuthenticateAsync("Bearer abc"),
            await _engine.AuthenticateAsync(null, ("client_id", "post"), ("client_secret", "wrong")),
            await _engine.AuthenticateAsync(null, ("client_id", "post")),
            await _engine.AuthenticateAsync(null, ("client_id", "unknown")),
            await _engine.AuthenticateAsync(null, ("client_secret", Odd)),
            await _engine.AuthenticateAsync(null),
        ];

        var answer = Assert.Single(answers.Select(result => (result.Error!.Code, result.Error.Description)).Distinct());
        Assert.Equal("invalid_client", answer.Code);
        Assert.DoesNotContain(answers, result => result.Error!.Detail.Contains(Odd, StringComparison.Ordinal));
    }

    [Fact]
    [Case(82)]
    [Clause("RFC 6749", "2.3", "The client MUST NOT use more than one authentication method in each request.")]
    public async Task Two_methods_at_once_are_an_invalid_request_even_when_both_are_right()
    {
        var assertion = _assertions.Make();
        var type = AssertionAuthentication.AssertionType;

        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_secret", Odd)));
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_id", "basic"), ("client_secret", Odd)));
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_assertion", assertion), ("client_assertion_type", type)));
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_assertion_type", type)));
        Assert.Equal("invalid_request", await AskAsync(null, ("client_secret", Odd), ("client_assertion", assertion), ("client_assertion_type", type)));
        Assert.Equal("accepted", await _assertions.PresentAsync(assertion)); // not spent by the tries before
    }

    [Fact]
    [Case(86)]
    public async Task Client_id_beside_basic_names_the_same_client_or_the_request_is_invalid()
    {
        Assert.Equal("accepted", await AskAsync(Basic("basic", Odd), ("client_id", "basic")));
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_id", "public")));
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), ("client_id", "Basic")));
    }

    [Theory]
    [Case(7)]
    [InlineData("client_id")]
    [InlineData("client_secret")]
    [InlineData("client_assertion")]
    [InlineData("anything")]
    public async Task Doubled_parameter_authenticates_nobody(string name) =>
        Assert.Equal("invalid_request", await AskAsync(Basic("basic", Odd), (name, "a"), (name, "a")));

    [Fact]
    [Case(95)]
    [Clause("RFC 7591", "3.2.1", "client_secret_expires_at: Time at which the client secret will expire or 0 if it will not expire.")]
    public async Task Secret_counts_until_its_end_and_two_may_count_at_once()
    {
        var end = _engine.Clock.GetUtcNow().AddHours(1);
        _engine.Register(WithSecret("basic", ClientAuthenticationMethods.ClientSecretBasic, ("old", end), ("new", null)));

        Assert.Equal("accepted", await AskAsync(Basic("basic", "old")));
        Assert.Equal("accepted", await AskAsync(Basic("basic", "new")));
        _engine.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Equal("accepted", await AskAsync(Basic("basic", "old")));
        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("invalid_client", await AskAsync(Basic("basic", "old")));
        Assert.Equal("accepted", await AskAsync(Basic("basic", "new")));
    }

    [Fact]
    public async Task Client_without_any_secret_is_known_by_none()
    {
        _engine.Register(Engine.DefaultClient with { ClientId = "basic", TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretBasic });

        Assert.Equal("invalid_client", await AskAsync(Basic("basic", "")));
        Assert.Equal("invalid_client", await AskAsync(Basic("basic", "\0")));
        Assert.Equal("invalid_client", await AskAsync(null, ("client_id", "basic")));
    }
}
