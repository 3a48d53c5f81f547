using System.Globalization;
using System.Net;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server.Outbound;

/// <summary>Posts logout tokens: Back-Channel Logout §2.5. Of the answer only the status is looked at; its body is never read.</summary>
internal sealed class LogoutTokenSender(OutboundHttp http) : ILogoutTokenSender
{
    public async Task<string?> SendAsync(string logoutUri, string logoutToken, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(logoutUri, UriKind.Absolute, out var uri) || !http.IsAllowed(uri))
        {
            return OutboundHttp.NotAllowed;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri)
            {
                Content = new FormUrlEncodedContent([new(ParameterNames.LogoutToken, logoutToken)]),
            };
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

            // §2.8: 200; some frameworks turn it into 204, and OPs should take that too.
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"the answer was {(int)response.StatusCode}");
        }
        catch (Exception exception) when (OutboundHttp.IsOutage(exception, cancellationToken))
        {
            return exception is OperationCanceledException ? "no answer in time" : LogHygiene.OneLine(exception.Message);
        }
    }
}
