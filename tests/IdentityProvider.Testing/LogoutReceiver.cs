using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>A client's server on loopback: keeps the logout tokens that are posted to it and answers as the test wants.</summary>
public sealed class LogoutReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;
    private readonly Channel<string> _tokens = Channel.CreateUnbounded<string>();

    private LogoutReceiver(Func<HttpContext, Task>? answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                ContentType = context.Request.ContentType;
                var form = await context.Request.ReadFormAsync();
                Parameters = [.. form.Keys];
                await _tokens.Writer.WriteAsync(form["logout_token"].ToString());
            }
            else
            {
                Interlocked.Increment(ref _others);
            }

            await (Answer ?? answer ?? Accept)(context);
        });
    }

    private int _others;

    public Uri Address => new(_app.Urls.First());

    public string LogoutUri => new Uri(Address, "/backchannel").ToString();

    /// <summary>Replaces how it answers from now on.</summary>
    public Func<HttpContext, Task>? Answer { get; set; }

    /// <summary>Of the last request.</summary>
    public string? ContentType { get; private set; }

    public IReadOnlyList<string> Parameters { get; private set; } = [];

    /// <summary>Requests that posted nothing, such as a followed redirect.</summary>
    public int OtherRequests => Volatile.Read(ref _others);

    public static async Task<LogoutReceiver> StartAsync(Func<HttpContext, Task>? answer = null)
    {
        var receiver = new LogoutReceiver(answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next token; the test fails when none comes.</summary>
    public async Task<string> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _tokens.Reader.ReadAsync(patience.Token);
    }

    /// <summary>Whether one came that was not yet read.</summary>
    public bool HasMore => _tokens.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task Accept(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }
}
