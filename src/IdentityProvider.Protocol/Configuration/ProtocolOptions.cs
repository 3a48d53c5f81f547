namespace IdentityProvider.Protocol.Configuration;

/// <summary>What the engine is told: section <c>IdentityProvider</c>.</summary>
public sealed class ProtocolOptions
{
    /// <summary>The issuer identifier, exactly as it appears in tokens and metadata: no trailing slash, query or fragment (RFC 8414 §2).</summary>
    public string Issuer { get; set; } = "http://localhost:5080";

    public TokenOptions Tokens { get; set; } = new();

    public SessionOptions Sessions { get; set; } = new();

    public SignInOptions SignIn { get; set; } = new();

    public DeviceAuthorizationOptions DeviceAuthorization { get; set; } = new();

    public RegistrationOptions Registration { get; set; } = new();

    public ClientAuthenticationOptions ClientAuthentication { get; set; } = new();

    public OutboundOptions Outbound { get; set; } = new();

    public DeliveryOptions Deliveries { get; set; } = new();

    public KeyOptions Keys { get; set; } = new();

    /// <summary>Languages of the pages: <c>ui_locales_supported</c> (OIDC Discovery §3). Set by the host, which has the pages.</summary>
    public IReadOnlyList<string> UiLocales { get; set; } = ["en"];

    /// <summary>The address of one of our own endpoints.</summary>
    /// <param name="path">With its leading slash.</param>
    public string AddressOf(string path) => Issuer + path;
}
