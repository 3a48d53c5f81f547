using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>Which certificates of mail servers are believed: the machine's authorities, or those of <c>Mail:ca_file</c> alone.</summary>
internal sealed class SmtpTrust
{
    private readonly X509Certificate2Collection? _authorities;

    public SmtpTrust(IOptions<MailOptions> options)
    {
        if (options.Value.CaFile is { } file)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(file);
        }
    }

    public SslClientAuthenticationOptions For(string host)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = host };
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
