using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IdentityProvider.Redis;

/// <summary>Which certificates of Redis servers are believed, the machine's authorities or those of <c>Redis:ca_file</c> alone, and the one we show.</summary>
internal sealed class RedisTrust
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly SslStreamCertificateContext? _own;

    public RedisTrust(RedisOptions options)
    {
        if (options.CaFile is { } file)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(file);
        }

        if (options is { CertificateFile: { } certificate, CertificateKeyFile: { } key })
        {
            X509Certificate2Collection intermediates = [];
            intermediates.ImportFromPemFile(certificate); // ours is among them, and not sent twice
            _own = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(certificate, key), intermediates, offline: true);
        }
    }

    /// <summary>One line about files that cannot be used; null when they can.</summary>
    public static string? FindProblem(RedisOptions options)
    {
        try
        {
            return new RedisTrust(options)._authorities is { Count: 0 } ? "Redis:ca_file holds no certificate." : null;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return "Redis:ca_file, Redis:certificate_file or Redis:certificate_key_file cannot be read: " + exception.Message;
        }
    }

    public SslClientAuthenticationOptions For(string host)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = host, ClientCertificateContext = _own };
        if (_authorities is not null)
        {
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(_authorities);
        }

        return tls;
    }
}
