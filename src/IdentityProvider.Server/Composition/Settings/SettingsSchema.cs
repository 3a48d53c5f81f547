using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Redis;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sms;
using IdentityProvider.Server.Theming;
using IdentityProvider.Storage;
using SessionOptions = IdentityProvider.Protocol.Configuration.SessionOptions;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// Everything that can be written under <c>IdentityProvider</c>. A new section is one line here: an options class with public
/// properties and what it says about its own mistakes. It reaches services as itself and as <c>IOptions</c>.
/// </summary>
internal static class SettingsSchema
{
    public const string RootName = "IdentityProvider";

    public static IReadOnlyList<SettingsSection> Sections { get; } =
    [
        SettingsSection.Of<StorageOptions>("Storage", options => options.Validate()),
        SettingsSection.Of<RedisOptions>("Redis", options => options.Validate()),
        SettingsSection.Of<KeyOptions>("Keys", options => options.Validate()),
        SettingsSection.Of<TokenOptions>("Tokens", options => options.Validate()),
        SettingsSection.Of<SessionOptions>("Sessions", options => options.Validate()),
        SettingsSection.Of<SignInOptions>("SignIn", options => options.Validate()),
        SettingsSection.Of<DeviceAuthorizationOptions>("DeviceAuthorization", options => options.Validate()),
        SettingsSection.Of<RegistrationOptions>("Registration", options => options.Validate()),
        SettingsSection.Of<ClientAuthenticationOptions>("ClientAuthentication", options => options.Validate()),
        SettingsSection.Of<AccountsOptions>("Accounts", options => options.Validate()),
        SettingsSection.Of<PagesOptions>("Pages", options => options.Validate()),
        SettingsSection.Of<ThemeOptions>("Theme", options => options.Validate()),
        SettingsSection.Of<LanguagesOptions>("Languages", options => options.Validate()),
        SettingsSection.Of<LimitsOptions>("Limits", options => options.Validate()),
        SettingsSection.Of<MailOptions>("Mail", options => options.Validate()),
        SettingsSection.Of<SmsOptions>("Sms", options => options.Validate()),
        SettingsSection.Of<OutboundOptions>("Outbound", options => options.Validate()),
        SettingsSection.Of<DeliveryOptions>("Deliveries", _ => []), // looked at beside the ways out: SettingsLoader
        SettingsSection.Of<ProxyOptions>("Proxies", options => options.Validate()),
        SettingsSection.Of<ListenerOptions>("Listener", options => options.Validate()),
    ];

    public static IReadOnlyList<SettingsNode> Declared { get; } =
    [
        SettingsNode.List("Clients", typeof(DeclaredClient), "client_id"),
        SettingsNode.List("Scopes", typeof(DeclaredScope), "name"),
        SettingsNode.List("Resources", typeof(DeclaredResource), "identifier"),
        SettingsNode.List("Accounts", typeof(DeclaredAccount), "user_name"),
    ];

    public static SettingsNode Upstream { get; } = SettingsNode.List("Upstream", typeof(UpstreamProvider), "id");

    public static SettingsNode Root { get; } = SettingsNode.Group(
        RootName,
        typeof(RootOptions),
        [
            .. Sections.Select(section => SettingsNode.Section(section.Name, section.Type)),
            Upstream,
            SettingsNode.Group("Declared", typeof(object), Declared),
        ]);

    /// <summary>
    /// Members of a file's top level that belong to the host and not to us. Anything else there is refused, because a misspelled
    /// <c>IdentityProvider</c> would otherwise be ignored as a whole.
    /// </summary>
    public static IReadOnlyList<string> HostMembers { get; } =
        ["$schema", "AllowedHosts", "Kestrel", "Logging", "Serilog", "Urls", "http_ports", "https_ports"];
}
