using System.Text.Json;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>An authenticator inside Chromium: the WebAuthn domain of the DevTools protocol.</summary>
internal sealed class VirtualAuthenticator
{
    private readonly ICDPSession _session;
    private readonly string _id;

    private VirtualAuthenticator(ICDPSession session, string id) => (_session, _id) = (session, id);

    /// <summary>A platform authenticator that keeps passkeys and, unless told otherwise, verifies its person.</summary>
    public static async Task<VirtualAuthenticator> AttachAsync(IPage page, bool isUserVerified = true)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable", new Dictionary<string, object> { ["enableUI"] = false });
        var added = await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = isUserVerified,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return new VirtualAuthenticator(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public async Task<IReadOnlyList<JsonElement>> ListAsync()
    {
        var answer = await SendAsync("WebAuthn.getCredentials");
        return [.. answer!.Value.GetProperty("credentials").EnumerateArray()];
    }

    /// <summary>Puts back a credential as it was: a copy of the authenticator.</summary>
    public async Task RestoreAsync(JsonElement credential)
    {
        await SendAsync("WebAuthn.clearCredentials");
        await SendAsync("WebAuthn.addCredential", ("credential", credential));
    }

    public Task ForgetAllAsync() => SendAsync("WebAuthn.clearCredentials");

    /// <summary>Whether somebody answers without being asked; the autofill list waits for that.</summary>
    public Task AnswerAsync(bool enabled) => SendAsync("WebAuthn.setAutomaticPresenceSimulation", ("enabled", enabled));

    /// <summary>The browser is as it was before.</summary>
    public Task RemoveAsync() => _session.SendAsync("WebAuthn.disable");

    public Task VerifyAsync(bool isUserVerified) => SendAsync("WebAuthn.setUserVerified", ("isUserVerified", isUserVerified));

    private Task<JsonElement?> SendAsync(string method, params (string Name, object Value)[] more)
    {
        var parameters = new Dictionary<string, object> { ["authenticatorId"] = _id };
        foreach (var (name, value) in more)
        {
            parameters[name] = value;
        }

        return _session.SendAsync(method, parameters);
    }
}
