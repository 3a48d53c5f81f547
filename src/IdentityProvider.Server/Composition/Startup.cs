using System.Diagnostics;
using IdentityProvider.Server.Composition.Settings;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace IdentityProvider.Server.Composition;

/// <summary>What happens between reading the settings and answering the first request, in order: schema, keys, declared objects, listening.</summary>
internal sealed class Startup(WebApplication app, ServerSettings settings, TextWriter output)
{
    private const int Success = 0;

    public async Task<int> RunAsync(long started)
    {
        await app.StartAsync();
        Announce(started);
        await app.WaitForShutdownAsync();
        return Success;
    }

    private void Announce(long started)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var elapsed = (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Log.Ready(app.Logger, elapsed, settings.Protocol.Issuer, string.Join(", ", addresses));
        if (settings.IsDevelopment)
        {
            Log.DevelopmentOnly(app.Logger);
            output.WriteLine();
        }
    }
}
