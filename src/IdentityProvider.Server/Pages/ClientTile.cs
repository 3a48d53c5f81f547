using System.Globalization;
using System.Net;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Logos;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// How a client is shown: its name, initials or a logo from our own host, and where the answer goes. No browser is ever sent to a logo
/// elsewhere: that would tell a third party who signs in.
/// </summary>
/// <param name="Name">As registered; shown as text only.</param>
/// <param name="Initials">At most two characters.</param>
/// <param name="Logo">A path on this host, or null.</param>
/// <param name="Host">Where the person is sent afterwards; null when it is not shown.</param>
internal sealed record ClientTile(string Name, string Initials, string? Logo, IHtmlContent? Host)
{
    /// <summary>Whose logo elsewhere is shown through <see cref="Logos.ClientLogos"/>, once we have it; null when there is none or it is on this host.</summary>
    public Client? WithLogoElsewhere { get; private init; }

    public string? PolicyUri { get; private init; }

    public string? TosUri { get; private init; }

    public bool HasLinks => (PolicyUri ?? TosUri) is not null;

    /// <summary>In the language of the present page.</summary>
    public static ClientTile Of(Client client, string issuer, Uri? destination = null, IHtmlLocalizer<PageTexts>? texts = null)
    {
        var language = CultureInfo.CurrentUICulture.Name;
        var (name, logo) = (client.NameIn(language), LogoOf(client, issuer));
        return new(name, InitialsOf(name), logo, destination is null || texts is null ? null : HostOf(destination, texts))
        {
            WithLogoElsewhere = logo is null && ClientLogos.AddressOf(client, language) is not null ? client : null,
            PolicyUri = WebAddress(LocalizedText.Find(client.LocalizedTexts, "policy_uri", language) ?? client.PolicyUri),
            TosUri = WebAddress(LocalizedText.Find(client.LocalizedTexts, "tos_uri", language) ?? client.TosUri),
        };
    }

    public static string InitialsOf(string name)
    {
        var words = name.Split([' ', '-', '_', '.', '@'], StringSplitOptions.RemoveEmptyEntries);
        var initials = words.Select(word => StringInfo.GetNextTextElement(word)).Where(element => char.IsLetterOrDigit(element, 0)).Take(2);
        return string.Concat(initials).ToUpper(CultureInfo.CurrentUICulture);
    }

    /// <summary>Only http and https become links: a registration could hold <c>javascript:</c>.</summary>
    private static string? WebAddress(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? address : null;

    private static string? LogoOf(Client client, string issuer) =>
        Uri.TryCreate(ClientLogos.AddressOf(client, CultureInfo.CurrentUICulture.Name), UriKind.Absolute, out var logo)
        && Uri.TryCreate(issuer, UriKind.Absolute, out var own)
        && Uri.Compare(logo, own, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
            ? logo.PathAndQuery
            : null;

    private static LocalizedHtmlString HostOf(Uri destination, IHtmlLocalizer<PageTexts> texts)
    {
        if (!string.Equals(destination.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            && !string.Equals(destination.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal))
        {
            return texts["Client.HostDevice"];
        }

        return IPAddress.TryParse(destination.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)
            ? texts["Client.HostComputer"]
            : texts["Client.Host", destination.IdnHost];
    }
}
