using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.EndToEnd.Tests.Browsing;

/// <summary>A public client's authorization code flow with PKCE, and the hosted pages on its way.</summary>
internal sealed class CodeFlow(RunningServer server)
{
    /// <summary>The access token of the person who signs in.</summary>
    public async Task<string> RunAsync(Visitor visitor, string clientId, string redirectUri, string scope)
    {
        var verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await visitor.GoToAsync(QueryHelpers.AddQueryString(
            await server.FindEndpointAsync("authorization_endpoint"),
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["client_id"] = clientId,
                ["redirect_uri"] = redirectUri,
                ["response_type"] = "code",
                ["scope"] = scope,
                ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))),
                ["code_challenge_method"] = "S256",
            }));
        await SignInAsync(visitor);
        await AllowAsync(visitor);

        Assert.True(visitor.SentTo is not null, visitor.Text);
        var answer = QueryHelpers.ParseQuery(visitor.SentTo.Query);
        Assert.Equal(server.Issuer, answer["iss"].ToString());
        using var response = await server.PostAsync(
            "token_endpoint",
            null,
            ("grant_type", "authorization_code"),
            ("client_id", clientId),
            ("code", answer["code"].ToString()),
            ("redirect_uri", redirectUri),
            ("code_verifier", verifier));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        using var body = JsonDocument.Parse(text);
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>On the sign-in page.</summary>
    public static Task SignInAsync(Visitor visitor) =>
        visitor.SubmitAsync("#signin", ("username", "alice"), ("password", "development"), ("decision", "signin"));

    /// <summary>On the consent page, if there is one: consent is remembered.</summary>
    public static async Task AllowAsync(Visitor visitor)
    {
        if (visitor.SentTo is null && visitor.Page.QuerySelector("#consent") is not null)
        {
            await visitor.SubmitAsync("#consent", ("decision", "allow"));
        }
    }
}
