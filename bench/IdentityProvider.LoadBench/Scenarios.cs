using System.Net.Http.Headers;

namespace IdentityProvider.LoadBench;

/// <summary>What is measured, in the order of the tables.</summary>
internal static class Scenarios
{
    /// <summary>Tokens to revoke are made before: so many for each caller and round.</summary>
    private const int TokensToRevoke = 200;

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("discovery", ["/document"], server => GetAsync(server, "/.well-known/openid-configuration")),
        new("JWKS", ["/document"], server => GetAsync(server, "/.well-known/jwks.json")),
        new("client credentials RS256", ["/rs256"], server => ClientCredentialsAsync(server, "bench.rs")),
        new("client credentials ES256", ["/es256"], server => ClientCredentialsAsync(server, "bench.es")),
        new("code flow with session", ["/document", "/rs256x2"], server => CodeFlowAsync(server, "openid bench.rs")),
        new("code flow, ES256, no ID token", ["/document", "/es256"], server => CodeFlowAsync(server, "bench.es")),
        new("refresh, access token", ["/rs256"], server => RefreshAsync(server, "bench.rs")),
        new("refresh, ES256", ["/es256"], server => RefreshAsync(server, "bench.es")),
        new("refresh, with ID token", ["/rs256x2"], server => RefreshAsync(server, "openid bench.rs")),
        new("introspection", ["/verify"], IntrospectionAsync),
        new("userinfo", ["/verify"], UserInfoAsync),
        new("revocation", ["/document"], RevocationAsync, TokensToRevoke),
        new("device flow", ["/document", "/document", "/document", "/document", "/rs256x2"], DeviceFlowAsync),
        new("sign-in by password", ["/document", "/document", "/password"], SignInAsync),
    ];

    public static Task<Func<Task>> ClientCredentialsAsync(Uri server, string scope)
    {
        var http = BenchClients.WithBasic("bench-service");
        return Task.FromResult<Func<Task>>(
            () => BenchClients.PostAsync(http, server, "/connect/token", ("grant_type", "client_credentials"), ("scope", scope)));
    }

    private static Task<Func<Task>> GetAsync(Uri server, string path)
    {
        var http = BenchClients.NewHttp();
        var address = new Uri(server, path);
        return Task.FromResult<Func<Task>>(() => ReadAsync(http, address));
    }

    private static async Task<Func<Task>> CodeFlowAsync(Uri server, string scope)
    {
        var http = await BenchClients.SignInAsync(server);
        return () => BenchClients.CodeAsync(http, server, scope);
    }

    private static async Task<Func<Task>> RefreshAsync(Uri server, string scope)
    {
        var http = await BenchClients.SignInAsync(server);
        var tokens = await BenchClients.CodeAsync(http, server, scope);
        return async () => tokens = await BenchClients.PostAsync(
            http, server, "/connect/token", ("grant_type", "refresh_token"), ("client_id", "bench-app"), ("refresh_token", tokens.GetProperty("refresh_token").GetString()!));
    }

    private static async Task<Func<Task>> IntrospectionAsync(Uri server)
    {
        var tokens = await BenchClients.CodeAsync(await BenchClients.SignInAsync(server), server, "openid bench.rs");
        var http = BenchClients.WithBasic("bench-api");
        return async () =>
        {
            var answer = await BenchClients.PostAsync(http, server, "/connect/introspect", ("token", tokens.GetProperty("access_token").GetString()!));
            if (!answer.GetProperty("active").GetBoolean())
            {
                throw new InvalidOperationException("inactive");
            }
        };
    }

    private static async Task<Func<Task>> UserInfoAsync(Uri server)
    {
        var tokens = await BenchClients.CodeAsync(await BenchClients.SignInAsync(server), server, "openid profile");
        var http = BenchClients.NewHttp();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        return () => ReadAsync(http, new Uri(server, "/connect/userinfo"));
    }

    /// <summary>Refresh tokens, each of a grant of its own, so that each call ends one.</summary>
    private static async Task<Func<Task>> RevocationAsync(Uri server)
    {
        var http = await BenchClients.SignInAsync(server);
        var tokens = new Queue<string>();
        for (var i = 0; i <= TokensToRevoke; i++)
        {
            tokens.Enqueue((await BenchClients.CodeAsync(http, server, "bench.es")).GetProperty("refresh_token").GetString()!);
        }

        return async () =>
        {
            using var form = new FormUrlEncodedContent([new("client_id", "bench-app"), new("token", tokens.Dequeue())]);
            using var response = await http.PostAsync(new Uri(server, "/connect/revoke"), form);
            response.EnsureSuccessStatusCode();
        };
    }

    private static async Task<Func<Task>> DeviceFlowAsync(Uri server)
    {
        var http = await BenchClients.SignInAsync(server);
        return () => BenchClients.ConnectDeviceAsync(http, server);
    }

    private static Task<Func<Task>> SignInAsync(Uri server) =>
        Task.FromResult<Func<Task>>(() => BenchClients.TrySignInAsync(server));

    private static async Task ReadAsync(HttpClient http, Uri address)
    {
        using var response = await http.GetAsync(address);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
