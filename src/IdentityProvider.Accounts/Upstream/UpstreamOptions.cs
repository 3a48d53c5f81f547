namespace IdentityProvider.Accounts.Upstream;

/// <summary>The providers that people can sign in with: list <c>IdentityProvider:Upstream</c>.</summary>
/// <param name="providers">In the order of the files, which is that of the buttons.</param>
public sealed class UpstreamOptions(IReadOnlyList<UpstreamProvider> providers)
{
    /// <summary>No provider; for programs that serve nobody.</summary>
    public UpstreamOptions()
        : this([])
    {
    }

    /// <summary>Those that are enabled.</summary>
    public IReadOnlyList<UpstreamProvider> Providers { get; } = [.. providers.Where(provider => provider.Enabled)];

    /// <summary>Every problem of every provider, one line each.</summary>
    /// <param name="allowsHttp">Whether addresses may be plain http.</param>
    public IEnumerable<string> Validate(bool allowsHttp) => providers.SelectMany(provider => provider.Validate(allowsHttp));
}
