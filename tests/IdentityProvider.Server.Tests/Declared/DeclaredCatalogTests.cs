using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Declared;

public sealed class DeclaredCatalogTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly DeclaredObjects Shop = new(
        [
            new DeclaredClient
            {
                ClientId = "shop",
                ClientSecret = "a-secret-of-more-than-24-characters",
                RedirectUris = ["https://shop.example/cb"],
                GrantTypes = ["authorization_code", "refresh_token"],
                Scope = "openid shop.read",
                IdpAccessTokenLifetime = TimeSpan.FromSeconds(120),
            },
        ],
        [new DeclaredScope { Name = "shop.read", DisplayName = "Read the shop" }],
        [new DeclaredResource { Identifier = "https://shop.example/api", Scopes = ["shop.read"] }],
        []);

    private ICatalogStore Catalog => server.Services.GetRequiredService<ICatalogStore>();

    [Fact]
    public async Task What_is_declared_is_in_the_catalog_and_saving_it_again_changes_nothing()
    {
        await SaveAsync(Shop);
        var version = Catalog.Current.Version;

        await SaveAsync(Shop);

        Assert.Equal(version, Catalog.Current.Version);
        var client = Catalog.Current.FindClient("shop")!;
        Assert.Equal(["authorization_code", "refresh_token"], client.GrantTypes);
        Assert.Equal(["code"], client.ResponseTypes);
        Assert.Equal("client_secret_basic", client.TokenEndpointAuthMethod);
        Assert.Equal(TimeSpan.FromSeconds(120), client.AccessTokenLifetime);
        Assert.Equal(ScopeSet.Of("openid", "shop.read"), client.Scope);
        Assert.Equal(["shop.read"], Catalog.Current.FindResource("https://shop.example/api")!.Scopes);
    }

    [Fact]
    public void The_scopes_of_OpenID_Connect_exist_without_being_declared()
    {
        string[] names = ["openid", "profile", "email", "address", "phone", "offline_access"];

        Assert.All(names, name => Assert.NotNull(Catalog.Current.FindScope(name)));
        Assert.Equal(["email", "email_verified"], Catalog.Current.FindScope("email")!.Claims);
    }

    private Task SaveAsync(DeclaredObjects declared) =>
        server.Services.GetRequiredService<DeclaredCatalog>().SaveAsync(declared, CancellationToken.None);
}
