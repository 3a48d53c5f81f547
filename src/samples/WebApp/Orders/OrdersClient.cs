using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;

namespace WebApp.Orders;

/// <summary>Calls the orders API with the access token of the person who is signed in.</summary>
internal sealed class OrdersClient(IHttpClientFactory clients, IHttpContextAccessor current)
{
    public async Task<OrdersOutcome> ListAsync(CancellationToken cancellationToken) => await SendAsync(
        new HttpRequestMessage(HttpMethod.Get, "/orders"),
        async response => new OrdersOutcome.Listed(
            await response.Content.ReadFromJsonAsync<List<Order>>(cancellationToken) ?? []),
        cancellationToken);

    public async Task<OrdersOutcome> AddAsync(string item, int quantity, CancellationToken cancellationToken) => await SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(new { item, quantity }) },
        _ => Task.FromResult<OrdersOutcome>(new OrdersOutcome.Added()),
        cancellationToken);

    /// <param name="number">Of the order.</param>
    /// <param name="token">The access token of a sign-in that has no cookie yet; null for the one of the cookie.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<OrdersOutcome> CancelAsync(int number, string? token, CancellationToken cancellationToken) => await SendAsync(
        new HttpRequestMessage(HttpMethod.Delete, string.Create(CultureInfo.InvariantCulture, $"/orders/{number}")),
        _ => Task.FromResult<OrdersOutcome>(new OrdersOutcome.Cancelled()),
        cancellationToken,
        token);

    private async Task<OrdersOutcome> SendAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, Task<OrdersOutcome>> read,
        CancellationToken cancellationToken,
        string? token = null)
    {
        using (request)
        {
            token ??= await current.HttpContext!.GetTokenAsync("access_token");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            try
            {
                using var http = clients.CreateClient(HttpClients.Orders);
                using var response = await http.SendAsync(request, cancellationToken);
                return response.StatusCode switch
                {
                    HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent => await read(response),
                    HttpStatusCode.Unauthorized when StepUpChallenge.Find(response) is { } challenge => new OrdersOutcome.ProveMore(challenge),
                    HttpStatusCode.NotFound => new OrdersOutcome.NoSuchOrder(),
                    HttpStatusCode.Unauthorized => new OrdersOutcome.Unauthorized(),
                    HttpStatusCode.Forbidden => new OrdersOutcome.Forbidden(),
                    HttpStatusCode.BadRequest => new OrdersOutcome.BadOrder(),
                    _ => new OrdersOutcome.Unavailable(),
                };
            }
            catch (HttpRequestException)
            {
                return new OrdersOutcome.Unavailable();
            }
        }
    }
}
