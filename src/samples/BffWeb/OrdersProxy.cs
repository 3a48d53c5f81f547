using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;

namespace BffWeb;

/// <summary>
/// Passes requests on to the orders API with the access token of the session; the browser's cookie and headers stay here. Routes are
/// named one by one: a caller never says where the token goes.
/// </summary>
internal sealed class OrdersProxy(IHttpClientFactory clients)
{
    public async Task<IResult> ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        using var onward = new HttpRequestMessage(new HttpMethod(request.Method), "/orders");
        onward.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await context.GetTokenAsync("access_token"));
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true)
        {
            onward.Content = new StreamContent(request.Body);
            onward.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        try
        {
            using var http = clients.CreateClient(HttpClients.Orders);
            using var response = await http.SendAsync(onward, context.RequestAborted);
            return Results.Text(
                await response.Content.ReadAsStringAsync(context.RequestAborted),
                response.Content.Headers.ContentType?.ToString(),
                contentEncoding: null,
                (int)response.StatusCode);
        }
        catch (HttpRequestException)
        {
            return Results.Problem(
                "The orders API does not answer. Start it: dotnet run --project src/samples/ResourceApi",
                statusCode: StatusCodes.Status502BadGateway);
        }
    }
}
