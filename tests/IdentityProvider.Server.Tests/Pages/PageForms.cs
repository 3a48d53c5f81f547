using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

/// <summary>What the tests of pages do over and over.</summary>
internal static class PageForms
{
    /// <summary>The hidden and visible fields of a form as a browser would send them.</summary>
    public static Dictionary<string, string> FieldsOf(this Browser browser, string selector)
    {
        var form = browser.Page.QuerySelector<IHtmlFormElement>(selector)
            ?? throw new InvalidOperationException($"no {selector} on {browser.Address}: {browser.Current!.Body}");
        return form.QuerySelectorAll<IHtmlInputElement>("input")
            .Where(input => input.Name is not null && (input.Type is not "checkbox" || input.IsChecked))
            .ToDictionary(input => input.Name!, input => input.Value, StringComparer.Ordinal);
    }

    public static Task<Answer> SendFormAsync(this Browser browser, string selector, params (string Name, string Value)[] fields)
    {
        var values = browser.FieldsOf(selector);
        foreach (var (name, value) in fields)
        {
            values[name] = value;
        }

        var action = browser.Page.QuerySelector(selector)!.GetAttribute("action");
        return browser.PostAsync(string.IsNullOrEmpty(action) ? browser.Address.ToString() : action, values);
    }

    public static Task<Answer> SignInAsync(this Browser browser, string userName, string password) =>
        browser.SendFormAsync("#signin", ("username", userName), ("password", password), ("decision", "signin"));

    /// <summary>Goes to the consent page of a client that asks, signed in as alice unless the browser is already.</summary>
    public static async Task GoToConsentAsync(this Browser browser, Client client, params (string Name, string? Value)[] changes)
    {
        await browser.GoAsync(client.AuthorizeAddress(changes));
        if (browser.Address.AbsolutePath is "/signin")
        {
            await browser.SignInAsync("alice", ServerFixture.Password);
        }

        Assert.Equal("/consent", browser.Address.AbsolutePath);
    }

    public static string Text(this Browser browser, string selector) =>
        browser.Page.QuerySelector(selector)?.TextContent.Trim() ?? throw new InvalidOperationException($"no {selector} on {browser.Address}");

    public static string? SessionCookie(this Browser browser) => browser.Cookies.GetAllCookies()["__Host-idp-session"]?.Value;

    /// <summary>Puts a cookie into the browser, as somebody with access to it could.</summary>
    public static void SetCookie(this Browser browser, string name, string value) =>
        browser.Cookies.SetCookies(new Uri(ServerFixture.Issuer), $"{name}={value}; path=/; secure");
}
