using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Web;

namespace NativeApp;

/// <summary>Authorization code with PKCE by the system browser: RFC 8252 §4 and §6, RFC 7636.</summary>
internal sealed class SignIn(Issuer issuer, AppSettings settings)
{
    /// <param name="callback">Where the answer arrives.</param>
    /// <param name="open">Shows an address to the person.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NativeException">The person said no, or the answer is not good.</exception>
    public async Task<TokenResponse> RunAsync(ICallback callback, Action<Uri> open, CancellationToken cancellationToken)
    {
        var metadata = await issuer.FindAsync(cancellationToken);
        var (verifier, state, nonce) = (NewSecret(), NewSecret(), NewSecret());
        open(AuthorizationRequest(metadata, callback.RedirectUri, verifier, state, nonce));

        await foreach (var address in callback.ReceiveAsync(cancellationToken))
        {
            var answer = HttpUtility.ParseQueryString(address.Query);

            // Any program can call us. What does not know our state, or comes from another issuer (RFC 9207 §2.4), is not the answer.
            if (!string.Equals(answer["state"], state, StringComparison.Ordinal)
                || !string.Equals(answer["iss"], metadata.Issuer, StringComparison.Ordinal))
            {
                continue;
            }

            if (answer["code"] is not { } code)
            {
                throw new NativeException(answer["error"] is "access_denied"
                    ? "You did not allow this app to sign you in."
                    : $"Signing in failed: {answer["error"]} {answer["error_description"]}");
            }

            var tokens = await issuer.RedeemAsync(code, callback.RedirectUri, verifier, cancellationToken);
            IdTokenRules.Check(tokens.IdToken, metadata.Issuer, settings.ClientId, nonce, TimeProvider.System.GetUtcNow());
            return tokens;
        }

        throw new NativeException("Signing in was given up.");
    }

    private Uri AuthorizationRequest(Metadata metadata, string redirectUri, string verifier, string state, string nonce)
    {
        var query = HttpUtility.ParseQueryString("");
        query["client_id"] = settings.ClientId;
        query["redirect_uri"] = redirectUri;
        query["response_type"] = "code";
        query["scope"] = AppSettings.Scope;
        query["state"] = state;
        query["nonce"] = nonce;
        query["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        query["code_challenge_method"] = "S256";
        return new UriBuilder(metadata.AuthorizationEndpoint) { Query = query.ToString() }.Uri;
    }

    private static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
