using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passwords;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.LoadBench;

/// <summary>The same host doing only what cannot be left out: answer, sign, verify, or hash. What we cost beyond it is ours to explain.</summary>
internal static class Floor
{
    private const int TokenLength = 700;

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var data = RandomNumberGenerator.GetBytes(TokenLength);
        var signature = rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        byte[] Rs256() => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        byte[] Es256() => ec.SignData(data, HashAlgorithmName.SHA256);
        app.MapGet("/document", context => AnswerAsync(context, data));
        app.MapPost("/rs256", context => AnswerAsync(context, Rs256()));
        app.MapPost("/es256", context => AnswerAsync(context, Es256()));
        app.MapPost("/rs256x2", context =>
        {
            Rs256();
            return AnswerAsync(context, Rs256());
        });
        app.MapPost("/verify", context =>
        {
            rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return AnswerAsync(context, data);
        });
        var hasher = new Argon2PasswordHasher();
        var account = new Account();
        var hash = hasher.HashPassword(account, "password");
        app.MapPost("/password", context =>
        {
            hasher.VerifyHashedPassword(account, hash, "password");
            return AnswerAsync(context, data);
        });
        await app.RunAsync();
    }

    private static async Task AnswerAsync(HttpContext context, byte[] body)
    {
        await context.Request.Body.CopyToAsync(Stream.Null);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body);
    }
}
