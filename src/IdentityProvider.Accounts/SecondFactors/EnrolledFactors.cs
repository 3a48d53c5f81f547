using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>What an account has set up, of what the server offers.</summary>
public sealed class EnrolledFactors(IEnumerable<ISecondFactor> factors, IOptions<ProtocolOptions> options)
{
    private readonly ISecondFactor[] _offered = [.. factors.Where(factor => options.Value.SignIn.Offers(factor.Method))];

    /// <summary>Methods, the best first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        var methods = new List<string>();
        foreach (var factor in _offered)
        {
            if (await factor.IsSetUpAsync(account, cancellationToken))
            {
                methods.Add(factor.Method);
            }
        }

        return methods;
    }
}
