using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Server.Pages;

/// <summary>The pages of the account, in the order of their navigation.</summary>
internal static class AccountSections
{
    /// <summary>Name, of which the keys of the texts are made, and path.</summary>
    public static IReadOnlyList<(string Name, string Path)> All { get; } =
    [
        ("overview", EndpointPaths.Account),
        ("profile", EndpointPaths.Profile),
        ("sessions", EndpointPaths.Sessions),
        ("applications", EndpointPaths.Applications),
        ("history", EndpointPaths.History),
        ("data", EndpointPaths.AccountData),
    ];
}
