using System.Globalization;
using System.Net;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Resources;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// How a client is shown: its name, initials or a logo of our own host, and where the answer goes. A logo elsewhere is never loaded: it
/// would tell a third party who signs in, and could change after it was looked at.
/// </summary>
/// <param name="Name">As registered; shown as text only.</param>
/// <param name="Initials">At most two characters.</param>
/// <param name="Logo">A path on this host, or null.</param>
/// <param name="Host">Where the person is sent afterwards; null when it is not shown.</param>
internal sealed record ClientTile(string Name, string Initials, string? Logo, IHtmlContent? Host)
{
    public static ClientTile Of(Client client, string issuer, Uri? destination = null, IHtmlLocalizer<PageTexts>? texts = null) =>
        new(client.DisplayName, InitialsOf(client.DisplayName), LogoOf(client, issuer), destination is null || texts is null ? null : HostOf(destination, texts));

    public static string InitialsOf(string name)
    {
        var words = name.Split([' ', '-', '_', '.', '@'], StringSplitOptions.RemoveEmptyEntries);
        var initials = words.Select(word => StringInfo.GetNextTextElement(word)).Where(element => char.IsLetterOrDigit(element, 0)).Take(2);
        return string.Concat(initials).ToUpper(CultureInfo.CurrentUICulture);
    }

    private static string? LogoOf(Client client, string issuer) =>
        Uri.TryCreate(client.LogoUri, UriKind.Absolute, out var logo)
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
