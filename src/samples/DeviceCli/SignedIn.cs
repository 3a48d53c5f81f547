namespace DeviceCli;

/// <summary>The access token of the person who is signed in, renewed when it is about to expire (RFC 6749 §6).</summary>
internal sealed class SignedIn(Issuer issuer, TokenCache cache, TimeProvider time)
{
    /// <summary>A token is not used in its last seconds: it could expire on the way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <param name="isRefused">An API has just refused the cached token.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="CliException">Nobody is signed in, or no longer.</exception>
    public async Task<string> GetAccessTokenAsync(bool isRefused, CancellationToken cancellationToken)
    {
        var metadata = await issuer.FindAsync(cancellationToken);
        if (cache.Read() is not { } tokens || !string.Equals(tokens.Issuer, metadata.Issuer, StringComparison.Ordinal))
        {
            // Tokens of one issuer are never sent to another.
            throw new CliException($"Nobody is signed in at {metadata.Issuer}. Sign in: login");
        }

        if (!isRefused && time.GetUtcNow() < tokens.ExpiresAt - Margin)
        {
            return tokens.AccessToken;
        }

        if (tokens.RefreshToken is null)
        {
            throw new CliException("Your sign-in has expired. Sign in again: login");
        }

        var response = await issuer.RequestTokensAsync(
            cancellationToken, ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken));
        if (response.AccessToken is not { } accessToken)
        {
            // Only this answer means that the grant is gone; with any other the next try may succeed.
            if (response.Error is "invalid_grant")
            {
                cache.Delete();
            }

            throw new CliException($"Your sign-in has ended ({response.Error}). Sign in again: login");
        }

        Keep(metadata.Issuer, response, tokens.RefreshToken);
        return accessToken;
    }

    /// <param name="of">The issuer.</param>
    /// <param name="response">A successful one.</param>
    /// <param name="previousRefreshToken">Stays in use when the response brings none.</param>
    public void Keep(string of, TokenResponse response, string? previousRefreshToken) => cache.Write(new CachedTokens(
        of,
        response.AccessToken!,
        response.RefreshToken ?? previousRefreshToken,
        time.GetUtcNow() + TimeSpan.FromSeconds(response.ExpiresIn)));
}
