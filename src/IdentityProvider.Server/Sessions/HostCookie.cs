namespace IdentityProvider.Server.Sessions;

/// <summary>
/// Cookies of this host and no other. With https the name bears <c>__Host-</c>, so that a browser takes it only with <c>Secure</c>,
/// <c>Path=/</c> and without <c>Domain</c>: a neighbouring subdomain can neither set nor widen it (RFC 6265bis §4.1.3.2). Plain http exists
/// on loopback in development only, where browsers refuse that prefix.
/// </summary>
/// <param name="name">Name without prefix.</param>
/// <param name="isForScripts">Whether scripts of our own pages may read it.</param>
/// <param name="maxLength">Longer values are not read.</param>
internal sealed class HostCookie(string name, bool isForScripts = false, int maxLength = 1024)
{
    public static bool IsSecure(HttpContext context, string issuer) =>
        context.Request.IsHttps || issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    public string Name(bool secure) => secure ? "__Host-" + name : name;

    /// <summary>The cookie's value, or null when it was not sent or is longer than any of ours.</summary>
    public string? Read(HttpContext context, bool secure) =>
        context.Request.Cookies[Name(secure)] is { Length: > 0 } value && value.Length <= maxLength ? value : null;

    /// <param name="context">The request to answer.</param>
    /// <param name="secure">Whether the server is reached by https.</param>
    /// <param name="value">Characters of base64url only.</param>
    /// <param name="lifetime">Null: until the browser is closed.</param>
    public void Write(HttpContext context, bool secure, string value, TimeSpan? lifetime) =>
        context.Response.Cookies.Append(Name(secure), value, Options(secure, lifetime));

    public void Delete(HttpContext context, bool secure) =>
        context.Response.Cookies.Delete(Name(secure), Options(secure, lifetime: null));

    /// <summary>Deletes the oldest of the cookies whose names begin alike, so that with one more there are no more than <paramref name="most"/>.</summary>
    public static void DropOldest(HttpContext context, bool secure, string prefix, int most)
    {
        // Browsers send the oldest first among cookies of one path (RFC 6265 §5.4).
        var start = new HostCookie(prefix).Name(secure);
        var names = context.Request.Cookies.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal)).ToList();
        var prefixLength = start.Length - prefix.Length;
        foreach (var name in names.Take(Math.Max(0, names.Count - most + 1)))
        {
            new HostCookie(name[prefixLength..]).Delete(context, secure);
        }
    }

    private CookieOptions Options(bool secure, TimeSpan? lifetime) => new()
    {
        Secure = secure,
        HttpOnly = !isForScripts,
        Path = "/",
        SameSite = SameSiteMode.Lax,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
