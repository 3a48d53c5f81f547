using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Testing;

/// <summary>The device flow as a device and a person go through it: RFC 8628.</summary>
public static class DeviceFlow
{
    public static Task<Answer> RequestDeviceAsync(this ServerFixture server, Client client, params (string Name, string? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.PostAsync("/connect/deviceauthorization", client, ServerFixture.Merge(changes, ("scope", "openid orders.read")));
    }

    /// <summary>Asks for tokens with the device code that <see cref="RequestDeviceAsync"/> gave.</summary>
    public static Task<Answer> PollAsync(
        this ServerFixture server, Client client, Answer asked, params (string Name, string? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.PostAsync(
            "/connect/token",
            client,
            ServerFixture.Merge(changes, ("grant_type", GrantTypeNames.DeviceCode), ("device_code", asked.Text("device_code"))));
    }

    /// <summary>Types the code on our page. The browser is signed in.</summary>
    public static async Task<Answer> EnterCodeAsync(this Browser browser, string typed)
    {
        ArgumentNullException.ThrowIfNull(browser);
        await browser.GoAsync("/device");
        return await browser.SubmitAsync("continue", ("user_code", typed));
    }

    /// <summary>Types the code and allows what is asked. The browser is signed in.</summary>
    public static Task<Answer> ApproveDeviceAsync(this Browser browser, Answer asked) => DecideAsync(browser, asked, "allow");

    /// <summary>Types the code and refuses. The browser is signed in.</summary>
    public static Task<Answer> DenyDeviceAsync(this Browser browser, Answer asked) => DecideAsync(browser, asked, "deny");

    /// <summary>A member of a JSON answer.</summary>
    public static string Text(this Answer answer, string member)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Json.GetProperty(member).GetString() ?? throw new InvalidOperationException(answer.Body);
    }

    private static async Task<Answer> DecideAsync(Browser browser, Answer asked, string decision)
    {
        await browser.EnterCodeAsync(asked.Text("user_code"));
        var answer = await browser.SubmitAsync(decision);
        return answer.Status is 200 && browser.Address.Query.StartsWith("?done=", StringComparison.Ordinal)
            ? answer
            : throw new InvalidOperationException($"{answer.Status} at {browser.Address}: {answer.Body}");
    }
}
