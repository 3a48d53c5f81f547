using System.Security.Cryptography.X509Certificates;
using IdentityProvider.Server.Composition.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Limits of the listener, and where it listens in Development. Addresses that ASP.NET Core's own configuration names always win.
/// </summary>
internal static class KestrelSetup
{
    public const int DevelopmentPort = 5080;
    public const int DevelopmentTlsPort = 5443;

    private static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddServerListener(this WebApplicationBuilder builder, ServerSettings settings)
    {
        var listens = settings.IsDevelopment && !HasAddresses(builder.Configuration);
        var certificate = listens ? FindDevelopmentCertificate() : null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            SetLimits(kestrel, settings.Get<ListenerOptions>());
            if (listens)
            {
                kestrel.ListenLocalhost(DevelopmentPort);
            }

            if (certificate is not null)
            {
                kestrel.ListenLocalhost(DevelopmentTlsPort, listener => listener.UseHttps(certificate));
            }
        });
    }

    private static void SetLimits(KestrelServerOptions kestrel, ListenerOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;

        // A `state` of some kilobytes is ordinary; what is longer is refused with 414 before anybody reads it.
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = 64 * 1024;

        // Who is slow on purpose holds a connection and some kilobytes for so long, and no thread.
        limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        limits.KeepAliveTimeout = options.KeepAliveTimeout;
        limits.MinRequestBodyDataRate = new MinDataRate(options.MinRequestBodyRate, options.SlownessGrace);
        limits.MinResponseDataRate = new MinDataRate(options.MinResponseRate, options.SlownessGrace);
    }

    private static bool HasAddresses(IConfiguration configuration) =>
        AddressSettings.Any(name => !string.IsNullOrEmpty(configuration[name]))
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any();

    /// <summary>What <c>certs/create-dev-certs.sh</c> made in the repository; null when it was not run.</summary>
    private static X509Certificate2? FindDevelopmentCertificate()
    {
        var repository = DataFolders.FindRepository(AppContext.BaseDirectory);
        if (repository is null)
        {
            return null;
        }

        var certificate = Path.Combine(repository, "certs", "localhost.crt");
        var key = Path.Combine(repository, "certs", "localhost.key");
        return File.Exists(certificate) && File.Exists(key) ? X509Certificate2.CreateFromPemFile(certificate, key) : null;
    }
}
