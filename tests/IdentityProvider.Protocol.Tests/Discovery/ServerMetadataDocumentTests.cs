using System.Text.Json;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Discovery;

public sealed class ServerMetadataDocumentTests : IDisposable
{
    private readonly Engine _engine = new();

    [Fact]
    public void Document_is_made_once_and_again_when_the_catalogue_changes()
    {
        var document = _engine.Get<ServerMetadataDocument>();
        var before = document.Current;

        Assert.Same(before, document.Current);
        _engine.Register(Engine.DefaultClient);
        Assert.NotSame(before, document.Current);
    }

    [Fact]
    public void It_names_what_is_registered()
    {
        var metadata = JsonDocument.Parse(_engine.Get<ServerMetadataDocument>().Current.Body).RootElement;

        Assert.Equal(["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"], Strings(metadata, "grant_types_supported"));
        Assert.Equal(["RS256", "ES256"], Strings(metadata, "id_token_signing_alg_values_supported"));
        Assert.Equal(
            ["offline_access", "openid", "orders.read", "orders.write", "profile", "stock.read"], Strings(metadata, "scopes_supported"));
        Assert.Contains("name", Strings(metadata, "claims_supported"));
        Assert.Equal("https://id.example/connect/authorize", metadata.GetProperty("authorization_endpoint").GetString());
        Assert.True(metadata.GetProperty("require_request_uri_registration").GetBoolean());
    }

    [Fact]
    public void Claims_are_named_once()
    {
        var metadata = JsonDocument.Parse(_engine.Get<ServerMetadataDocument>().Current.Body).RootElement;
        var claims = Strings(metadata, "claims_supported");

        Assert.Equal(claims.Distinct(), claims);
    }

    public void Dispose() => _engine.Dispose();

    private static List<string> Strings(JsonElement metadata, string name) =>
        [.. metadata.GetProperty(name).EnumerateArray().Select(value => value.GetString()!)];
}
