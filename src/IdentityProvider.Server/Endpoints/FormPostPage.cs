using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// <c>response_mode=form_post</c> (OAuth 2.0 Form Post Response Mode §2): a form that our one script file sends on at once, and that has
/// a button for browsers without script.
/// </summary>
internal static class FormPostPage
{
    /// <param name="redirectUri">Verified: a registered redirect URI.</param>
    /// <param name="parameters">The response's parameters, in order.</param>
    public static IResult Result(string redirectUri, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        new ViewPage<FormPostModel>(
            "_FormPost",
            new FormPostModel(redirectUri, parameters),
            StatusCodes.Status200OK,
            new Uri(redirectUri, UriKind.Absolute),
            script: true);

    public static Task WriteAsync(HttpContext context, string redirectUri, IReadOnlyList<KeyValuePair<string, string>> parameters) =>
        Result(redirectUri, parameters).ExecuteAsync(context);
}

/// <summary>What the page sends, and where to.</summary>
internal sealed record FormPostModel(string RedirectUri, IReadOnlyList<KeyValuePair<string, string>> Parameters);
