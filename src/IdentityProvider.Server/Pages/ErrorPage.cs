using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Our own error page: what happened, what to do next, and the id under which the log has the rest. It never repeats input and leads
/// nowhere but home.
/// </summary>
internal static class ErrorPage
{
    /// <param name="status">Status of the answer.</param>
    /// <param name="title">A key of <see cref="Resources.PageTexts"/>, or the sentence itself.</param>
    /// <param name="explanation">A key of <see cref="Resources.PageTexts"/>, or the sentence itself.</param>
    /// <param name="errorId">As in the log line: <see cref="Endpoints.ErrorId.Create"/>.</param>
    public static IResult Result(int status, string title, string explanation, string errorId) =>
        new ViewPage<ErrorPageModel>("_ErrorPage", new ErrorPageModel(title, explanation, errorId), status);

    /// <summary>An authorization or end-session request that cannot be answered to the client.</summary>
    public static IResult Refused(OAuthError error, string errorId) =>
        Result(StatusCodes.Status400BadRequest, "Error.Refused", error.Description, errorId);

    /// <summary>
    /// A flow that this browser cannot go on with: forged, too old, answered already, or begun in another browser. One answer for all, for
    /// a stranger who tries a stolen address shall not learn which.
    /// </summary>
    public static IResult StartAgain(string errorId) =>
        Result(StatusCodes.Status400BadRequest, "Error.StartAgain", "Error.StartAgain.Explanation", errorId);

    /// <summary>A form that came from elsewhere, or with an antiforgery token that is missing, old or of another browser.</summary>
    public static IResult CrossSite(string errorId) =>
        Result(StatusCodes.Status403Forbidden, "Error.CrossSite", "Error.CrossSite.Explanation", errorId);

    /// <summary>A form that is too large, of another kind, or not text.</summary>
    public static IResult Unreadable(int status, string errorId) =>
        Result(status, "Error.Unreadable", "Error.Unreadable.Explanation", errorId);

    /// <summary>Our own fault, or a request that nobody could read; <see cref="Composition.FaultPage"/> says the same when this page cannot.</summary>
    public static IResult Fault(int status, string errorId) => status switch
    {
        StatusCodes.Status503ServiceUnavailable => Result(status, "Error.Unavailable", "Error.Unavailable.Explanation", errorId),
        >= StatusCodes.Status500InternalServerError => Result(status, "Error.Fault", "Error.Fault.Explanation", errorId),
        _ => Result(status, "Error.BadRequest", "Error.BadRequest.Explanation", errorId),
    };

    public static IResult NotFound(string errorId) =>
        Result(StatusCodes.Status404NotFound, "Error.NotFound", "Error.NotFound.Explanation", errorId);
}

/// <summary>What the error page shows.</summary>
internal sealed record ErrorPageModel(string Title, string Explanation, string ErrorId);
