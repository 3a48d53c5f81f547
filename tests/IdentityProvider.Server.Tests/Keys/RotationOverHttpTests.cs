using System.Net;
using System.Net.Http.Headers;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.Keys;
using IdentityProvider.ResourceServer;
using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Server.Tests.Keys;

/// <summary>
/// Three rotations, seen by two resource servers over HTTP: an API with our own handler, and one that keeps the JWK Set for exactly the
/// max-age it was served with and never asks before.
/// </summary>
public sealed class RotationOverHttpTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    [Fact]
    [Clause("OIDC Core", "10.1.1", "The JWK Set document at the jwks_uri SHOULD retain recently decommissioned signing keys for a reasonable period of time to facilitate a smooth transition.")]
    public async Task No_token_is_refused_through_three_rotations()
    {
        var clock = new TestClock();
        await using var issuer = await StartIssuerAsync(clock);
        await using var api = await StartApiAsync(clock, issuer.Urls.Single());
        using var http = new HttpClient();
        var jwks = new PatientKeys(http, new Uri(issuer.Urls.Single() + EndpointPaths.Jwks), clock);
        var rotation = issuer.Services.GetRequiredService<KeyRotation>();
        var ring = issuer.Services.GetRequiredService<KeyRing>();
        var tokens = new Queue<(DateTimeOffset ExpiresAt, string Token)>();
        var signers = new HashSet<string>(StringComparer.Ordinal);

        for (var end = clock.Now.AddHours(80); clock.Now < end; clock.Advance(Step))
        {
            await rotation.AdvanceAsync(CancellationToken.None);
            var signer = ring.GetSigner(SigningAlgorithm.ES256);
            signers.Add(signer.KeyId);
            var fresh = Issue(signer, issuer.Urls.Single(), clock.Now);
            tokens.Enqueue((clock.Now + Lifetime, fresh));
            while (tokens.Peek().ExpiresAt <= clock.Now)
            {
                tokens.Dequeue();
            }

            foreach (var token in (string[])[fresh, tokens.Peek().Token])
            {
                Assert.True(await jwks.VerifiesAsync(token), $"refused by the patient one at {clock.Now:u}");
                using var request = new HttpRequestMessage(HttpMethod.Get, api.Urls.Single()) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                using var response = await http.SendAsync(request);
                Assert.Equal((HttpStatusCode.OK, clock.Now), (response.StatusCode, clock.Now));
            }
        }

        Assert.Equal(4, signers.Count);
        Assert.InRange(jwks.Fetches, 60, 80);
    }

    private static async Task<WebApplication> StartIssuerAsync(TestClock clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<JsonWebKeySetEndpoint>().AddTestKeyRing(new InMemoryKeyStore(), clock, keys =>
        {
            keys.RotationInterval = TimeSpan.FromHours(26);
            keys.AnnouncementTime = keys.JwksMaxAge + KeyOptions.AnnouncementMargin;
            keys.SigningKeyRetention = KeyOptions.LeastRetention;
            Assert.Empty(keys.Validate());
        });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet(EndpointPaths.OpenIdConfiguration, () => Results.Json(new { issuer = app.Urls.Single(), jwks_uri = app.Urls.Single() + EndpointPaths.Jwks }));
        app.MapGet(EndpointPaths.Jwks, app.Services.GetRequiredService<JsonWebKeySetEndpoint>().HandleAsync);
        await app.StartAsync();
        return app;
    }

    private static async Task<WebApplication> StartApiAsync(TestClock clock, string issuer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAuthentication().AddIdentityProvider(options =>
        {
            options.Authority = issuer;
            options.Audience = "https://api.example";
            options.CheckStatus = false;
            options.UnknownKeyRefreshInterval = TimeSpan.FromDays(365);
        });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static string Issue(SigningCredential signer, string issuer, DateTimeOffset now) =>
        JwtWriter.Write(signer, "at+jwt", (issuer, now), static (json, claims) =>
        {
            json.WriteString("iss", claims.issuer);
            json.WriteString("sub", "alice");
            json.WriteString("client_id", "app");
            json.WriteString("aud", "https://api.example");
            json.WriteString("jti", Guid.NewGuid().ToString("N"));
            json.WriteNumber("iat", claims.now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (claims.now + Lifetime).ToUnixTimeSeconds());
        });

    private sealed class PatientKeys(HttpClient http, Uri address, TestClock clock)
    {
        private static readonly JwtReadRules Rules = new([SigningAlgorithm.ES256], ["at+jwt"]);

        private JsonWebKeySet? _keys;
        private DateTimeOffset _fetchAgainAt;

        public int Fetches { get; private set; }

        public async Task<bool> VerifiesAsync(string token)
        {
            if (_keys is null || clock.Now > _fetchAgainAt)
            {
                using var response = await http.GetAsync(address);
                _fetchAgainAt = clock.Now + response.Headers.CacheControl!.MaxAge!.Value;
                Assert.True(JsonWebKeySet.TryParse(await response.Content.ReadAsByteArrayAsync(), strict: true, out _keys, out var reason), reason);
                Fetches++;
            }

            return JwtReader.Read(token, _keys, Rules).Succeeded;
        }
    }
}
