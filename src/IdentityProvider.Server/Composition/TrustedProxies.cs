using System.Net;
using IdentityProvider.Server.Composition.Settings;
using Microsoft.AspNetCore.HttpOverrides;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>, only from proxies that were named. <c>X-Forwarded-Host</c> never: the issuer says
/// who we are, whatever a header says.
/// </summary>
internal static class TrustedProxies
{
    public static void AddTrustedProxies(this IServiceCollection services, ProxyOptions proxies) =>
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = proxies.ForwardLimit;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies.TrustedProxies)
            {
                if (IPAddress.TryParse(proxy, out var address))
                {
                    options.KnownProxies.Add(address);
                }
                else
                {
                    options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
                }
            }
        });

    public static void UseTrustedProxies(this WebApplication app, ProxyOptions proxies)
    {
        // With empty lists the middleware would believe everybody.
        if (proxies.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }
}
