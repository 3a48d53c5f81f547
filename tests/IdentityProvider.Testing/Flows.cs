using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Testing;

/// <summary>The authorization code flow as a person and a client go through it.</summary>
public static class Flows
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    public const string State = "af0ifjsldkj";
    public const string Nonce = "n-0S6_WzA2Mj";

    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The address of a good request, with parameters replaced or (null) left out.</summary>
    public static string AuthorizeAddress(this Client client, params (string Name, string? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(changes);
        var pairs = ServerFixture.Merge(
            changes,
            ("client_id", client.ClientId),
            ("redirect_uri", TestClients.Callback),
            ("response_type", "code"),
            ("scope", "openid orders.read"),
            ("state", State),
            ("nonce", Nonce),
            ("code_challenge", Challenge),
            ("code_challenge_method", "S256"));
        return "/connect/authorize?" + string.Join(
            '&', pairs.Where(pair => pair.Value is not null).Select(pair => pair.Name + "=" + Uri.EscapeDataString(pair.Value!)));
    }

    /// <summary>
    /// Goes from the request to the client's redirect URI: signs in as <paramref name="userName"/> and consents when asked.
    /// The parameters that the client receives.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, string>> AuthorizeAsync(
        this Browser browser, Client client, string userName = "alice", params (string Name, string? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(browser);
        await browser.GoAsync(client.AuthorizeAddress(changes));
        for (var pages = 0; pages < 5 && browser.LeftTo is null; pages++)
        {
            await (browser.Address.AbsolutePath switch
            {
                "/signin" => browser.SubmitAsync("signin", ("username", userName), ("password", ServerFixture.Password)),
                "/consent" => browser.SubmitAsync("allow"),
                _ => throw new InvalidOperationException($"{browser.Current!.Status} at {browser.Address}: {browser.Current.Body}"),
            });
        }

        return Parameters(browser.LeftTo ?? throw new InvalidOperationException("never left " + browser.Address));
    }

    /// <summary>Signs in a person in a new browser and redeems the code.</summary>
    public static async Task<Answer> GetTokensAsync(
        this ServerFixture server, Client client, string userName = "alice", params (string Name, string? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(server);
        using var browser = server.NewBrowser();
        var response = await browser.AuthorizeAsync(client, userName, changes);
        return await server.RedeemAsync(client, response["code"]);
    }

    /// <summary>Parameters of the query, or of the fragment when there is one.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var text = address.Fragment.Length > 0 ? address.Fragment[1..] : address.Query.TrimStart('?');
        return text.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => WebUtility.UrlDecode(pair[0]), pair => WebUtility.UrlDecode(pair[1]), StringComparer.Ordinal);
    }
}
