using System.Net;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Server.Outbound;

/// <summary>Fetches what stands at an address that somebody else named.</summary>
internal sealed class OutboundFetcher(OutboundHttp http, ILogger<OutboundFetcher> logger) : IClientDocumentFetcher
{
    public async Task<byte[]?> FetchAsync(string address, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || !http.IsAllowed(uri))
        {
            OutboundLog.Refused(logger, address, OutboundHttp.NotAllowed);
            return null;
        }

        try
        {
            // The buffered read counts the body against the limit and the whole exchange against the timeout.
            using var request = new HttpRequestMessage(HttpMethod.Get, uri);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                OutboundLog.Refused(logger, address, "the answer was not 200");
                return null;
            }

            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception exception) when (OutboundHttp.IsOutage(exception, cancellationToken))
        {
            OutboundLog.Failed(logger, address, exception.Message);
            return null;
        }
    }
}
