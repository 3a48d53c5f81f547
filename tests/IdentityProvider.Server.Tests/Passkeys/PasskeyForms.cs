using System.Text.Json;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using IdentityProvider.Testing.Passkeys;

namespace IdentityProvider.Server.Tests.Passkeys;

/// <summary>What the script does, without one.</summary>
internal static class PasskeyForms
{
    /// <summary>The address of the account page for passkeys.</summary>
    public const string Page = "/account/passkeys";

    /// <summary>Asks for a challenge as the form on the page would.</summary>
    public static async Task<Ceremony> BeginAsync(this Browser browser, string form)
    {
        var fields = browser.FieldsOf(form);
        var action = browser.Page.QuerySelector(form)!.GetAttribute("action")!;
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(browser.Address, browser.Page.QuerySelector(form)!.GetAttribute("data-options")!))
        {
            Content = new FormUrlEncodedContent(fields),
        };
        var address = browser.Address;
        var answer = await browser.SendOnceAsync(request);
        Assert.Equal((200, "application/json"), (answer.Status, answer.Header("Content-Type")));
        return new Ceremony(
            new Uri(address, action).ToString(), fields, answer.Json.GetProperty("options").Clone(), answer.Json.GetProperty("ticket").GetString()!);
    }

    /// <summary>Sends the answer of an authenticator.</summary>
    public static Task<Answer> EndAsync(this Browser browser, Ceremony ceremony, string credential, string? ticket = null) =>
        browser.PostAsync(ceremony.Action, new Dictionary<string, string>(ceremony.Fields, StringComparer.Ordinal)
        {
            ["ticket"] = ticket ?? ceremony.Ticket,
            ["credential"] = credential,
        });

    /// <summary>Adds a passkey on the account page; the browser's sign-in is fresh.</summary>
    public static async Task<SoftwareAuthenticator> AddPasskeyAsync(this Browser browser, bool useRsa = false)
    {
        var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer, useRsa);
        await browser.GoAsync(Page);
        var ceremony = await browser.BeginAsync("#create-passkey");
        await browser.EndAsync(ceremony, authenticator.Create(ceremony.Options));
        Assert.Equal("?done=added", browser.Address.Query);
        return authenticator;
    }
}

/// <summary>A challenge that waits for its answer.</summary>
internal sealed record Ceremony(string Action, Dictionary<string, string> Fields, JsonElement Options, string Ticket);
