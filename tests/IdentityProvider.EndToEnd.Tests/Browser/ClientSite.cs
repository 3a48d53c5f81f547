using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// A client's web site, and at need a hostile one: notes what arrives at its callback and, as many do, sends the browser on to another
/// host at once.
/// </summary>
internal sealed class ClientSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ClientSite(X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseHttps(certificate)));
        _app = builder.Build();
        _app.MapGet("/cb", (HttpRequest request) => Take(request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))));
        _app.MapPost("/cb", async (HttpRequest request) =>
            Take((await request.ReadFormAsync()).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))));
        _app.MapGet("/done", () => Results.Content("<!DOCTYPE html><html lang=en><title>Done</title><h1>Done</h1>", "text/html"));
        _app.MapGet("/frontchannel", (HttpRequest request) =>
        {
            LogoutFrames.Enqueue(request.QueryString.Value!);
            return Results.Content("<!DOCTYPE html><html lang=en><title>Signed out</title>", "text/html");
        });
        _app.MapGet("/page", () => Results.Content(Page, "text/html"));
    }

    /// <summary>What came to the callback, in order.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Responses { get; } = new();

    /// <summary>Queries of requests to <c>/frontchannel</c>, in order.</summary>
    public ConcurrentQueue<string> LogoutFrames { get; } = new();

    public string Origin { get; private set; } = string.Empty;

    public string Callback => Origin + "/cb";

    /// <summary>Another host, to which the callback sends the browser on.</summary>
    public string OnwardOrigin { get; private set; } = string.Empty;

    /// <summary>What stands at <c>/page</c>.</summary>
    public string Page { get; set; } = string.Empty;

    public static async Task<ClientSite> StartAsync(X509Certificate2 certificate)
    {
        var site = new ClientSite(certificate);
        await site._app.StartAsync();
        var port = new Uri(site._app.Urls.Single()).Port;
        (site.Origin, site.OnwardOrigin) = ($"https://localhost:{port}", $"https://127.0.0.1:{port}");
        return site;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Take(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        Responses.Enqueue(parameters.ToDictionary(StringComparer.Ordinal));
        return Results.Redirect(OnwardOrigin + "/done");
    }
}
