using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;

namespace IdentityProvider.Server.Pages;

/// <summary>Who comes to the sign-in page with a session.</summary>
internal sealed class SignInArrival(BrowserSession sessions, InteractionPolicy policy, SignInDesk desk, People people)
{
    /// <summary>Where who need not begin a sign-in goes on to; null when the page is to be shown.</summary>
    public async Task<string?> FindWayOnAsync(HttpContext context, SignInPlace place)
    {
        if (await sessions.ReadAsync(context, context.RequestAborted) is not { } session)
        {
            return null;
        }

        if (MissesLevelOnly(session, place))
        {
            return await desk.StepUpAsync(context, session, place);
        }

        return place.Flow is null ? HostedPage.OwnAddress(place.ReturnUrl) : null;
    }

    /// <summary>Who is signed in already and only has to prove it once more need not say their name again; null for everybody else.</summary>
    public async Task<string?> FindUserNameAsync(HttpContext context, SignInPlace place) =>
        place.Flow?.Pending.AccountSelected is not true && await sessions.ReadAsync(context, context.RequestAborted) is { } session
            ? (await people.GetAsync(session.Subject, context.RequestAborted)).UserName
            : null;

    private bool MissesLevelOnly(Session session, SignInPlace place) => place.Flow is { } request
        ? policy.MissesLevelOnly(request.Request, session, request.Pending)
        : !place.Demand.IsMetBy(session.Acr);
}
