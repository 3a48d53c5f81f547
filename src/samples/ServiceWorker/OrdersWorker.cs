using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ServiceWorker;

/// <summary>Reads and adds orders at each API, round after round; with <c>--once</c> one round, whose result is the exit code.</summary>
internal sealed class OrdersWorker(
    IHttpClientFactory clients,
    IOptions<WorkerOptions> options,
    RunMode mode,
    IHostApplicationLifetime lifetime,
    ILogger<OrdersWorker> logger) : BackgroundService
{
    /// <summary>The client that carries the access token.</summary>
    public const string HttpClientName = "orders";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.Seconds));
        do
        {
            var isGood = true;
            foreach (var (name, address) in options.Value.Apis)
            {
                isGood &= await CallAsync(name, address, stoppingToken);
            }

            if (mode.Once)
            {
                Environment.ExitCode = isGood ? 0 : 1;
                lifetime.StopApplication();
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> CallAsync(string name, Uri address, CancellationToken cancellationToken)
    {
        var orders = new Uri(address, "/orders");
        try
        {
            var http = clients.CreateClient(HttpClientName);
            using var read = await http.GetAsync(orders, cancellationToken);
            using var added = await http.PostAsJsonAsync(orders, new { item = "Assam", quantity = 1 }, cancellationToken);
            Log.Called(logger, name, (int)read.StatusCode, (int)added.StatusCode);
            return read.StatusCode == HttpStatusCode.OK && added.StatusCode == HttpStatusCode.Created;
        }
        catch (HttpRequestException exception)
        {
            Log.NotReached(logger, name, options.Value.Issuer, orders, exception.Message);
            return false;
        }
    }
}
