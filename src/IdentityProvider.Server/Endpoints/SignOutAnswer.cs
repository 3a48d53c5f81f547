using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Server.Sessions;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// Signs this browser out and sends it on. When clients of the session want to be told by this browser, it passes a page with their frames
/// on the way (Front-Channel Logout §3); clients that are told by us wait in the outbox, and nobody waits for them.
/// </summary>
internal sealed class SignOutAnswer(BrowserSession browser, FrontchannelLogout frontchannel)
{
    /// <param name="context">The request to answer.</param>
    /// <param name="returnAddress">Verified; null for our own page.</param>
    public async Task<IResult> SignOutAsync(HttpContext context, string? returnAddress)
    {
        var ended = await browser.SignOutAsync(context, context.RequestAborted);
        var destination = returnAddress ?? context.Request.PathBase + EndpointPaths.SignedOut;
        IReadOnlyList<string> frames = ended is null ? [] : await frontchannel.FindFramesAsync(ended, context.RequestAborted);
        return frames.Count == 0 ? new SeeOtherResult(destination) : new FrontchannelLogoutPage(frames, destination);
    }

    /// <summary>303: the browser goes on with a GET, whatever it sent here (RFC 9700 §4.12).</summary>
    private sealed class SeeOtherResult(string location) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = location;
            return Task.CompletedTask;
        }
    }
}
