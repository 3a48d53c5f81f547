using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class AuthorizationCodesTests
{
    private static readonly ScopeSet Asked = ScopeSet.Of("openid", "orders.read");

    private readonly AuthorizationCodes _codes = new(new InMemorySealing());

    // A consent joins what was agreed to at several requests, so that it may be longer than any of them.
    [Theory]
    [InlineData(1)]
    [InlineData(ScopeSet.MaxTokens)]
    [InlineData(ScopeSet.MaxTokens + 1)]
    [InlineData(5 * ScopeSet.MaxTokens)]
    public void Consent_of_any_length_is_still_asked_for_when_the_code_is_opened(int count)
    {
        var consent = ScopeSet.Of(Enumerable.Range(0, count).Select(number => $"scope-{number}"));

        var opened = _codes.Open(_codes.Seal(Code(consent)))!;

        Assert.Equal(consent, opened.ConsentScope);
        Assert.Equal(Asked, opened.Scope);
    }

    [Fact]
    public void Consent_to_just_what_was_asked_stays_one_and_none_stays_none()
    {
        Assert.Equal(Asked, _codes.Open(_codes.Seal(Code(Asked)))!.ConsentScope);
        Assert.Null(_codes.Open(_codes.Seal(Code(consent: null)))!.ConsentScope);
    }

    private static AuthorizationCode Code(ScopeSet? consent) => new()
    {
        Id = Guid.CreateVersion7(),
        IssuedAt = DateTimeOffset.UnixEpoch,
        ClientId = "app",
        Subject = "alice",
        SessionId = Guid.CreateVersion7(),
        Scope = Asked,
        AuthTime = DateTimeOffset.UnixEpoch,
        ConsentScope = consent,
    };
}
