using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>A user agent in the words people use. A hint for the owner of an account and nothing to rely on: anybody can send anything.</summary>
internal sealed class DeviceNames(IStringLocalizer<PageTexts> texts)
{
    /// <summary>In this order: most browsers name themselves and everything they are like.</summary>
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];

    public string Of(string? userAgent)
    {
        var (browser, system) = (Find(Browsers, userAgent), Find(Systems, userAgent));
        return (browser, system) switch
        {
            (null, null) => texts["Account.DeviceUnknown"],
            (_, null) => browser,
            (null, _) => system,
            _ => texts["Account.Device", browser, system],
        };
    }

    private static string? Find((string Sign, string Name)[] known, string? userAgent) =>
        userAgent is null ? null : Array.Find(known, entry => userAgent.Contains(entry.Sign, StringComparison.Ordinal)).Name;
}
