using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Protocol.Tests.UserInfo;

public sealed class BearerTokenTests
{
    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer abc", "abc")]
    [InlineData("BEARER  abc ", "abc")]
    [InlineData("Basic abc", null)]
    [InlineData("Bearerx abc", null)]
    [InlineData(null, null)]
    public void Header_is_read_whatever_the_case_of_its_scheme(string? header, string? expected)
    {
        Assert.Equal(expected, BearerToken.Find(header, body: null, Parameters()).Value?.Value);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a,Bearer b")]
    public void Malformed_header_is_an_invalid_request(string header)
    {
        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find(header, body: null, Parameters()).Error?.Code);
    }

    [Fact]
    public void Body_is_read_when_there_is_no_header()
    {
        Assert.Equal("abc", BearerToken.Find(authorizationHeader: null, Parameters(("access_token", "abc")), Parameters()).Value?.Value);
    }

    [Fact]
    public void Token_in_two_places_or_in_the_query_is_an_invalid_request()
    {
        var token = Parameters(("access_token", "abc"));

        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find("Bearer abc", token, Parameters()).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find("Bearer abc", body: null, token).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find(authorizationHeader: null, body: null, token).Error?.Code);
    }

    [Fact]
    public void Token_sent_twice_is_an_invalid_request()
    {
        var doubled = Parameters(("access_token", "a"), ("access_token", "b"));

        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find(authorizationHeader: null, doubled, Parameters()).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidRequest, BearerToken.Find(authorizationHeader: null, body: null, doubled).Error?.Code);
    }

    private static RequestParameters Parameters(params (string Name, string Value)[] pairs) =>
        RequestParameters.Parse(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
}
