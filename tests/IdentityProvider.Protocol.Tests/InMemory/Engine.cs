using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>The whole engine as registered, over stores in memory and a clock that the test moves.</summary>
internal sealed class Engine : IDisposable
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string Callback = "https://app.example/cb";
    public const string Issuer = "https://id.example";
    public const string Secret = "gX1fBat3bV";

    private readonly ServiceProvider _services;

    public Engine(Action<ProtocolOptions>? configure = null)
    {
        Devices = new InMemoryDevices(Consents, Audit);
        Grants = new InMemoryGrantStore(Consents, Audit);
        Subjects = new InMemorySubjects(Grants);
        var services = new ServiceCollection();
        services.Configure<ProtocolOptions>(options =>
        {
            options.Issuer = Issuer;
            configure?.Invoke(options);
        });
        _services = services
            .AddProtocol()
            .AddSingleton<IdentityProvider.Protocol.Registration.IClientRegistrationStore, NoRegistrations>()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<ICatalogStore>(Catalog)
            .AddSingleton<IGrantStore>(Grants)
            .AddSingleton<IStatusListStore>(Grants)
            .AddSingleton<IConsentStore>(Consents)
            .AddSingleton<IDeviceAuthorizationStore>(Devices)
            .AddSingleton<IAttemptStore>(new InMemoryAttempts())
            .AddSingleton<IUsedJtiStore>(new InMemoryUsedJtis())
            .AddSingleton<IAuditTrail>(Audit)
            .AddSingleton<ISubjectDirectory>(Subjects)
            .AddSingleton<IClientDocumentFetcher>(KeyFetcher)
            .AddSingleton<ISigningKeys, InMemoryKeys>()
            .AddSingleton<ISealing>(Sealing)
            .BuildServiceProvider();
        Session = NewSession("alice");
        Register(DefaultClient);
    }

    public ManualClock Clock { get; } = new();

    public InMemoryCatalog Catalog { get; } = new();

    public InMemoryGrantStore Grants { get; }

    public InMemoryConsents Consents { get; } = new();

    public InMemoryDevices Devices { get; }

    public InMemorySealing Sealing { get; } = new();

    public InMemoryAudit Audit { get; } = new();

    public InMemorySubjects Subjects { get; }

    public InMemoryKeyFetcher KeyFetcher { get; } = new();

    /// <summary>Alice's session, signed in when the test began.</summary>
    public Session Session { get; set; }

    public static Client DefaultClient { get; } = new()
    {
        ClientId = "app",
        RedirectUris = [Callback],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        TokenEndpointAuthMethod = ClientAuthenticationMethods.None,
        Scope = ScopeSet.Of("openid", "profile", "offline_access", "orders.read", "orders.write"),
        RequireConsent = false,
    };

    /// <summary>The default client with a secret, <see cref="Secret"/>, sent in the body.</summary>
    public static Client ConfidentialClient { get; } = DefaultClient with
    {
        TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretPost,
        Secrets = [new ClientSecret(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)), ExpiresAt: null)],
    };

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public void Register(params Client[] clients)
    {
        Scope[] scopes =
        [
            new() { Name = "openid", Claims = ["sub"] },
            new() { Name = "profile", Claims = ["name"] },
            new() { Name = "email", Claims = ["email"], ShowInMetadata = false },
            new() { Name = "offline_access" },
            new() { Name = "orders.read" },
            new() { Name = "orders.write" },
            new() { Name = "stock.read" },
        ];
        ApiResource[] resources =
        [
            new() { Identifier = "https://orders.example", Scopes = ["orders.read", "orders.write"] },
            new() { Identifier = "https://stock.example", Scopes = ["stock.read"], AccessTokenSigningAlg = "ES256" },
        ];
        Catalog.Current = new CatalogSnapshot(Catalog.Current.Version + 1, clients, scopes, resources);
    }

    public Session NewSession(string subject) => new()
    {
        Id = Guid.CreateVersion7(),
        HandleHash = new byte[32],
        Subject = subject,
        AuthTime = Clock.GetUtcNow(),
        Amr = ["pwd"],
        CreatedAt = Clock.GetUtcNow(),
        LastSeenAt = Clock.GetUtcNow(),
        IdleExpiresAt = Clock.GetUtcNow().AddDays(30),
        AbsoluteExpiresAt = Clock.GetUtcNow().AddDays(30),
    };

    /// <summary>A good request of the default client, with pairs replaced or (null) left out.</summary>
    public static List<KeyValuePair<string, string>> Request(params (string Name, string? Value)[] changes)
    {
        var pairs = new List<KeyValuePair<string, string>>
        {
            new("client_id", "app"),
            new("redirect_uri", Callback),
            new("response_type", "code"),
            new("scope", "openid orders.read"),
            new("state", "af0ifjsldkj"),
            new("nonce", "n-0S6_WzA2Mj"),
            new("code_challenge", Challenge(Verifier)),
            new("code_challenge_method", "S256"),
        };
        foreach (var (name, value) in changes)
        {
            pairs.RemoveAll(pair => pair.Key == name);
            if (value is not null)
            {
                pairs.Add(new(name, value));
            }
        }

        return pairs;
    }

    public static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    public Task<AuthorizationOutcome> AuthorizeAsync(params (string Name, string? Value)[] changes) => AuthorizeAsync(Request(changes), Session);

    public Task<AuthorizationOutcome> AuthorizeAsync(
        IEnumerable<KeyValuePair<string, string>> pairs, Session? session, PendingAuthorization? pending = null) =>
        Get<AuthorizationRequestHandler>().HandleAsync(RequestParameters.Parse(pairs), session, pending, CancellationToken.None);

    /// <summary>As the endpoint does when a request returns from one of our pages.</summary>
    public Task<AuthorizationOutcome> ReturnAsync(PendingAuthorization pending, Session? session) =>
        AuthorizeAsync(pending.Parameters, session, pending);

    public async Task<string> GetCodeAsync(params (string Name, string? Value)[] changes)
    {
        var respond = Assert.IsType<AuthorizationOutcome.Respond>(await AuthorizeAsync(changes));
        Assert.Null(respond.Error?.Detail);
        return respond.Parameters.Single(pair => pair.Key == "code").Value;
    }

    public Task<Result<TokenResponse>> TokenAsync(params (string Name, string? Value)[] pairs) =>
        Get<TokenRequestHandler>().HandleAsync(
            new ClientCredentials
            {
                Parameters = RequestParameters.Parse(
                    pairs.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))),
            },
            CancellationToken.None);

    /// <summary>Client authentication alone, of a request with that header and these parameters.</summary>
    public Task<Result<Client>> AuthenticateAsync(string? header, params (string Name, string? Value)[] pairs) =>
        Get<ClientAuthenticator>().AuthenticateAsync(
            new ClientCredentials
            {
                AuthorizationHeader = header,
                Parameters = RequestParameters.Parse(
                    pairs.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))),
            },
            CancellationToken.None);

    public Task<Result<TokenResponse>> RedeemAsync(
        string code, string? verifier = Verifier, string? redirectUri = Callback, string clientId = "app", string? resource = null) =>
        TokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", clientId),
            ("code", code),
            ("redirect_uri", redirectUri),
            ("code_verifier", verifier),
            ("resource", resource));

    public Task<Result<TokenResponse>> RefreshAsync(string token, string clientId = "app", string? scope = null, string? resource = null) =>
        TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", clientId), ("refresh_token", token), ("scope", scope), ("resource", resource));

    public static JsonElement Payload(string jwt) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1])).RootElement;

    public void Dispose() => _services.Dispose();
}
