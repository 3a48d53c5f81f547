using System.Globalization;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// Front-Channel Logout §3: one hidden frame for each client. Our script goes on as soon as all have loaded; the <c>Refresh</c> header does
/// so after a few seconds, with script or without, and a link stands there for who will not wait.
/// </summary>
/// <param name="frames">Registered addresses, with what §2 adds.</param>
/// <param name="destination">A verified address, or a path of ours.</param>
internal sealed class FrontchannelLogoutPage(IReadOnlyList<string> frames, string destination) : IResult
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var page = new ViewPage<FrontchannelLogoutModel>(
            "_FrontchannelLogout", new FrontchannelLogoutModel(frames, destination), StatusCodes.Status200OK, script: true, frames: frames);
        ProtocolResults.NoStore(httpContext.Response);
        httpContext.Response.Headers["Refresh"] =
            string.Create(CultureInfo.InvariantCulture, $"{(int)Patience.TotalSeconds}; url={destination}");
        return page.ExecuteAsync(httpContext);
    }
}

/// <summary>What the page loads, and where it leads.</summary>
internal sealed record FrontchannelLogoutModel(IReadOnlyList<string> Frames, string Destination);
