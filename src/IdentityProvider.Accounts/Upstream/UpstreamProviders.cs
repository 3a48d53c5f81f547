using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>The providers that are in use: enabled, and the method <c>upstream</c> offered.</summary>
public sealed class UpstreamProviders(IOptions<UpstreamOptions> upstream, IOptions<ProtocolOptions> options)
{
    private readonly SignInOptions _signIn = options.Value.SignIn;

    public IReadOnlyList<UpstreamProvider> All { get; } = options.Value.SignIn.Offers(SignInMethods.Upstream) ? upstream.Value.Providers : [];

    /// <summary>Null for one that is not in use.</summary>
    public UpstreamProvider? Find(string? id) => All.FirstOrDefault(provider => string.Equals(provider.Id, id, StringComparison.Ordinal));

    /// <summary>Whether another way to sign in is offered.</summary>
    public bool Offers(string method) => _signIn.Offers(method);
}
