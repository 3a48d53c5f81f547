using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>
/// What the suite publishes for its client, on loopback: a key set and request objects. Made and signed with the platform's cryptography, apart
/// from our own code.
/// </summary>
internal sealed class ClientSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _documents = new(StringComparer.Ordinal);
    private RSA _key = RSA.Create(2048);
    private int _keys;

    private ClientSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => _documents.TryGetValue(context.Request.Path, out var document)
            ? context.Response.WriteAsync(document)
            : Task.FromResult(context.Response.StatusCode = StatusCodes.Status404NotFound));
        Rotate();
    }

    public string JwksUri => AddressOf("/jwks");

    public string KeySet => _documents["/jwks"];

    private string KeyId => "key-" + _keys;

    public static async Task<ClientSite> StartAsync()
    {
        var site = new ClientSite();
        await site._app.StartAsync();
        return site;
    }

    /// <summary>Replaces the one key that is published.</summary>
    public void Rotate()
    {
        _key = RSA.Create(2048);
        _keys++;
        var key = _key.ExportParameters(includePrivateParameters: false);
        _documents["/jwks"] = JsonSerializer.Serialize(new
        {
            keys = new[]
            {
                new { kty = "RSA", use = "sig", alg = "RS256", kid = KeyId, n = Base64Url.EncodeToString(key.Modulus), e = Base64Url.EncodeToString(key.Exponent) },
            },
        });
    }

    public string AddressOf(string path) => _app.Urls.First() + path;

    public void Publish(string path, string document) => _documents[path] = document;

    public string Sign(IEnumerable<KeyValuePair<string, object>> claims)
    {
        static string Encode<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
        var input = Encode(new { alg = "RS256", kid = KeyId }) + "." + Encode(new Dictionary<string, object>(claims));
        return input + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _app.DisposeAsync();
    }
}
