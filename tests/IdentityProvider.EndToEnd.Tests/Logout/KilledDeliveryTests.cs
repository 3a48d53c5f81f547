using System.Threading.Channels;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.EndToEnd.Tests.Logout;

/// <summary>A person who has signed out stays signed out everywhere, whatever happens to the server meanwhile.</summary>
public sealed class KilledDeliveryTests
{
    private const string RedirectUri = "http://127.0.0.1/callback";

    [Fact]
    [Case(251)]
    public async Task Client_is_told_by_a_server_that_was_killed_and_started_again()
    {
        var address = RunningServer.FreeAddress();
        await using var server = await RunningServer.StartAsync(
            KeyValuePair.Create("Mail:timeout", "5"),
            KeyValuePair.Create("Outbound:timeout", "5"),
            KeyValuePair.Create("Deliveries:attempt_time", "10"), // an attempt that was cut short belongs to its node for so long
            KeyValuePair.Create("Declared:Clients:spa:backchannel_logout_uri", address + "/backchannel"));
        using var visitor = new Visitor(new Uri(server.Issuer));
        await new CodeFlow(server).RunAsync(visitor, "spa", RedirectUri, "openid orders.read");
        await visitor.GoToAsync("/signout");

        // Nobody answers at the client's address yet.
        await visitor.SubmitAsync("#signout", ("decision", "signout"));
        Assert.Equal("/signed-out", visitor.At.AbsolutePath);
        await server.KillAndRestartAsync();
        var tokens = Channel.CreateUnbounded<string>();
        await using var client = await ListenAsync(address, tokens.Writer);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var token = await tokens.Reader.ReadAsync(patience.Token);
        Assert.Equal(3, token.Split('.').Length);
    }

    private static async Task<WebApplication> ListenAsync(string address, ChannelWriter<string> tokens)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        app.MapPost("/backchannel", async (HttpContext context) =>
        {
            var form = await context.Request.ReadFormAsync();
            await tokens.WriteAsync(form["logout_token"].ToString());
        });
        await app.StartAsync();
        return app;
    }
}
