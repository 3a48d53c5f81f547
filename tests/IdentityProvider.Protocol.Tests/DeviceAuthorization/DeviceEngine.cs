using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Protocol.Tests.DeviceAuthorization;

/// <summary>The engine with a client that is a device.</summary>
internal static class DeviceEngine
{
    public const string Address = "192.0.2.7";

    public static Client Device { get; } = Engine.DefaultClient with
    {
        ClientId = "tv",
        GrantTypes = [GrantTypeNames.DeviceCode, GrantTypeNames.RefreshToken],
        ResponseTypes = [],
        RedirectUris = [],
    };

    public static Engine Create(Action<ProtocolOptions>? configure = null, Client? client = null)
    {
        var engine = new Engine(configure);
        engine.Register(client ?? Device, Engine.DefaultClient, Device with { ClientId = "other-tv" });
        return engine;
    }

    public static Task<Result<DeviceAuthorizationResponse>> RequestAsync(this Engine engine, params (string Name, string? Value)[] changes)
    {
        (string Name, string? Value)[] defaults = [("client_id", "tv"), ("scope", "openid orders.read")];
        var pairs = defaults.Where(pair => !changes.Any(change => change.Name == pair.Name)).Concat(changes);
        var credentials = new ClientCredentials
        {
            Parameters = RequestParameters.Parse(
                pairs.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!))),
        };
        return engine.Get<DeviceAuthorizationRequestHandler>().HandleAsync(credentials, Address, CancellationToken.None);
    }

    public static async Task<DeviceAuthorizationResponse> AskAsync(this Engine engine, params (string Name, string? Value)[] changes)
    {
        var response = await engine.RequestAsync(changes);
        Assert.Null(response.Error?.Detail);
        return response.Value!;
    }

    public static Task<Result<TokenResponse>> PollAsync(
        this Engine engine, DeviceAuthorizationResponse asked, string clientId = "tv", string? resource = null) =>
        engine.TokenAsync(
            ("grant_type", GrantTypeNames.DeviceCode), ("client_id", clientId), ("device_code", asked.DeviceCode), ("resource", resource));

    /// <summary>The error code of a poll, or <c>tokens</c>.</summary>
    public static async Task<string> PollWordAsync(this Engine engine, DeviceAuthorizationResponse asked, string clientId = "tv") =>
        (await engine.PollAsync(asked, clientId)).Error?.Code ?? "tokens";

    public static Task<DeviceLookup> EnterAsync(this Engine engine, string typed, Session? session = null, string? address = Address) =>
        engine.Get<DeviceVerification>().FindAsync(typed, session ?? engine.Session, address, CancellationToken.None);

    public static async Task<DeviceLookup.Found> FoundAsync(this Engine engine, DeviceAuthorizationResponse asked) =>
        Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(asked.UserCode));

    public static async Task<bool> ApproveAsync(this Engine engine, DeviceAuthorizationResponse asked, Session? session = null) =>
        await engine.Get<DeviceVerification>().TryApproveAsync(
            await engine.FoundAsync(asked), session ?? engine.Session, Address, CancellationToken.None);

    public static async Task<bool> DenyAsync(this Engine engine, DeviceAuthorizationResponse asked) =>
        await engine.Get<DeviceVerification>().TryDenyAsync(await engine.FoundAsync(asked), engine.Session, Address, CancellationToken.None);
}
