using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// For what a person signs in: a client's request, or a page of ours. What was proved for one place counts for no other, so neither tabs nor
/// clients nor links get into each other's way.
/// </summary>
/// <param name="Flow">The client's request; null when the person came by themselves.</param>
/// <param name="ReturnUrl">Without a flow: as sent, not yet checked.</param>
/// <param name="Demand">The level asked for.</param>
internal sealed record SignInPlace(PageFlow? Flow, string? ReturnUrl, AcrDemand Demand)
{
    public Client? Client => Flow?.Client;

    /// <summary>16 hexadecimal digits that tell this place from others.</summary>
    public string Key => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..16];

    /// <summary>The whole name, which is sealed with what was proved.</summary>
    public string Name => Flow is { } flow
        ? "flow " + flow.Pending.Id.ToString("N")
        : string.Create(CultureInfo.InvariantCulture, $"page {Demand.Required} {ReturnUrl}");

    /// <summary>Whether the client takes a sign-in that begins with the method.</summary>
    public bool Takes(string method) => Client?.SignInMethods?.Contains(method, StringComparer.Ordinal) != false;

    /// <summary>What goes on once the person has signed in for it, from the first proof on.</summary>
    public SignInPlace After(Session session) =>
        Flow is { } flow ? this with { Flow = flow with { Pending = flow.Pending.After(session) } } : this;

    /// <summary>The address of one of the sign-in pages for this place, as a path under the application's root.</summary>
    /// <param name="page">Its path.</param>
    /// <param name="handler">Which of its forms; null for the page itself.</param>
    public string AddressOf(string page, string? handler = null)
    {
        var query = new StringBuilder();
        if (handler is not null)
        {
            query.Append("&handler=").Append(handler);
        }

        if (Flow is { } flow)
        {
            return $"~{page}?{PageParameters.Flow}={flow.Sealed}{query}";
        }

        if (ReturnUrl is not null)
        {
            query.Append('&').Append(PageParameters.ReturnUrl).Append('=').Append(Uri.EscapeDataString(ReturnUrl));
        }

        if (Demand.Required > 0)
        {
            query.Append('&').Append(PageParameters.Level).Append('=').Append(Demand.Required.ToString(CultureInfo.InvariantCulture));
        }

        return query.Length == 0 ? "~" + page : $"~{page}?{query.Remove(0, 1)}";
    }

    /// <summary>The same with one parameter more.</summary>
    /// <param name="page">Its path.</param>
    /// <param name="name">Of the parameter.</param>
    /// <param name="value">A word of ours.</param>
    public string AddressWith(string page, string name, string value)
    {
        var address = AddressOf(page);
        return $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={value}";
    }

    /// <summary>The sign-in page that asks everything anew, whoever is signed in.</summary>
    public string BeginAgainAddress => AddressWith(EndpointPaths.SignIn, PageParameters.Fresh, "true");
}
