using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IdentityProvider.Redis.Tests.Connections;

public sealed class RedisSecurityTests
{
    private const string Password = "geheim-4711";

    [RedisFact]
    public async Task With_the_password_the_server_is_used_and_without_or_with_another_it_is_told_what_is_wrong()
    {
        using var server = RedisInstance.Create("--requirepass", Password);
        await using var right = RedisNode.Start(new RedisOptions { Addresses = [server.Address], Password = Password });
        await using var wrong = RedisNode.Start(new RedisOptions { Addresses = [server.Address], Password = Password + "!" });
        await using var none = RedisNode.Start(new RedisOptions { Addresses = [server.Address] });

        await right.UsesRedisAsync();
        await IsRefusedAsync(wrong, "refuses the password, or has none set: look at Redis:user_name and Redis:password");
        await IsRefusedAsync(none, "wants a password: set Redis:password");
        Assert.DoesNotContain(Password, wrong.Logs.AllText, StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task A_server_without_a_password_is_not_the_one_that_the_settings_speak_of()
    {
        using var server = RedisInstance.Create();
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address], Password = Password });

        await IsRefusedAsync(node, "refuses the password, or has none set: look at Redis:user_name and Redis:password");
    }

    [RedisFact]
    public async Task The_rule_of_the_documentation_is_all_that_a_user_needs()
    {
        var rule = File.ReadLines(Path.Combine(FindRepository(), "docs", "operations.md"))
            .Single(line => line.StartsWith("ACL SETUSER idp ", StringComparison.Ordinal)).Replace(">PASSWORD", ">" + Password, StringComparison.Ordinal);
        using var server = RedisInstance.Create();
        Assert.Equal("OK", server.Run(rule.Split(' ')));
        Assert.Equal("OK", server.Run("ACL", "SETUSER", "default", "off"));
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address], UserName = "idp", Password = Password, Database = 2 });
        await node.UsesRedisAsync();
        node.BeginWindow();

        var counted = await node.Attempts.TryCountAsync(node.CounterOf("x"), default);
        await node.Attempts.TakeBackAsync([counted!], default);

        Assert.Equal((true, 0), (node.Status.IsUsed, node.Database.Calls));
    }

    [RedisFact]
    public async Task A_user_who_may_not_do_it_is_told()
    {
        using var server = RedisInstance.Create();
        server.Run("ACL", "SETUSER", "idp", "on", ">" + Password, "~idp:*", "+info", "+select");
        await using var node = RedisNode.Start(new RedisOptions { Addresses = [server.Address], UserName = "idp", Password = Password });

        await RedisInstance.UntilAsync(() => node.Status.Text.Contains("docs/operations.md has the rule", StringComparison.Ordinal));
    }

    [RedisFact]
    public async Task Over_TLS_the_certificate_must_be_of_our_authority_and_bear_the_name()
    {
        using var server = RedisInstance.Prepare(
            "--tls-port", "{tls}", "--tls-cert-file", "{folder}/server.crt", "--tls-key-file", "{folder}/server.key", "--tls-ca-cert-file", "{folder}/ca.crt");
        WriteCertificates(server.Folder);
        server.Start();
        await using var right = RedisNode.Start(Options("127.0.0.1"));
        await using var nameless = RedisNode.Start(Options("localhost"));
        await using var stranger = RedisNode.Start(Options("127.0.0.1", options => options.CaFile = null));
        await using var plain = RedisNode.Start(Options("127.0.0.1", options => (options.Tls, options.CaFile, options.CertificateFile, options.CertificateKeyFile) = (false, null, null, null)));
        await using var anonymous = RedisNode.Start(Options("127.0.0.1", options => (options.CertificateFile, options.CertificateKeyFile) = (null, null)));

        await right.UsesRedisAsync();
        right.BeginWindow();
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(number => right.TryAsync($"{number}"))), Assert.True);
        Assert.Equal(0, right.Database.Calls);
        await RedisInstance.UntilAsync(() => nameless.Status.Text.Contains("no TLS certificate that is trusted for this name", StringComparison.Ordinal));
        await RedisInstance.UntilAsync(() => stranger.Status.Text.Contains("no TLS certificate that is trusted for this name", StringComparison.Ordinal));
        await RedisInstance.UntilAsync(() => plain.Status.Text.Contains("is gone", StringComparison.Ordinal) || plain.Status.Text.Contains("no known kind", StringComparison.Ordinal));
        await RedisInstance.UntilAsync(() => anonymous.Status.Text.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        Assert.False(anonymous.Status.IsUsed);

        RedisOptions Options(string host, Action<RedisOptions>? change = null)
        {
            var options = new RedisOptions
            {
                Addresses = [string.Create(CultureInfo.InvariantCulture, $"{host}:{server.TlsPort}")],
                Tls = true,
                CaFile = Path.Combine(server.Folder, "ca.crt"),
                CertificateFile = Path.Combine(server.Folder, "client.crt"),
                CertificateKeyFile = Path.Combine(server.Folder, "client.key"),
            };
            change?.Invoke(options);
            return options;
        }
    }

    [Fact]
    public async Task A_server_that_answers_nothing_is_left_after_the_time_for_connecting()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var options = new RedisOptions { Addresses = [listener.LocalEndpoint.ToString()!], Tls = true, ConnectTimeout = TimeSpan.FromSeconds(1) };
        await using var node = RedisNode.Start(options);

        Assert.True(await node.TryAsync("x")); // and meanwhile nobody waits
        await RedisInstance.UntilAsync(() => node.Status.Text.EndsWith("is not ready within 1 s (Redis:connect_timeout)", StringComparison.Ordinal));
    }

    private static Task IsRefusedAsync(RedisNode node, string reason) =>
        RedisInstance.UntilAsync(() => node.Status is { IsUsed: false } status && status.Text.EndsWith(" " + reason, StringComparison.Ordinal));

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "IdentityProvider.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    /// <summary>
    /// An authority, which is all that the server knows; a server with the name 127.0.0.1 alone; and a client by an authority in between, whose
    /// certificate stands behind the client's.
    /// </summary>
    private static void WriteCertificates(string folder)
    {
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = RequestAuthority("CN=Test authority", authorityKey).CreateSelfSigned(from, until);
        File.WriteAllText(Path.Combine(folder, "ca.crt"), authority.ExportCertificatePem());
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = RequestAuthority("CN=Test authority in between", middleKey).Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        using var middle = bare.CopyWithPrivateKey(middleKey);
        foreach (var (name, issuer, rest) in new[] { ("server", authority, ""), ("client", middle, middle.ExportCertificatePem()) })
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var leaf = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(IPAddress.Loopback);
            leaf.CertificateExtensions.Add(names.Build());
            using var certificate = leaf.Create(issuer, from, until, RandomNumberGenerator.GetBytes(8));
            File.WriteAllText(Path.Combine(folder, name + ".crt"), certificate.ExportCertificatePem() + "\n" + rest);
            File.WriteAllText(Path.Combine(folder, name + ".key"), key.ExportPkcs8PrivateKeyPem());
        }
    }

    private static CertificateRequest RequestAuthority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
