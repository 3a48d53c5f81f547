using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.SignIn;

namespace IdentityProvider.Server.Pages;

/// <summary>A provider as a button shows it.</summary>
/// <param name="Id">Of the provider.</param>
/// <param name="Name">What people know it by.</param>
/// <param name="Icon">One or two characters.</param>
/// <param name="Address">Where it leads, as a path under the application's root.</param>
internal sealed record UpstreamButton(string Id, string Name, string Icon, string Address)
{
    /// <param name="provider">In use.</param>
    /// <param name="place">For what somebody signs in.</param>
    /// <param name="fresh">Whether a new proof is needed without a client asking for it.</param>
    public static UpstreamButton Of(UpstreamProvider provider, SignInPlace place, bool fresh)
    {
        var address = place.AddressOf($"{EndpointPaths.Upstream}/{provider.Id}");
        var mark = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return new UpstreamButton(provider.Id, provider.DisplayName, IconOf(provider), fresh ? $"{address}{mark}{PageParameters.Fresh}=true" : address);
    }

    public static string IconOf(UpstreamProvider provider) => provider.IconText ?? ClientTile.InitialsOf(provider.DisplayName)[..1];
}
