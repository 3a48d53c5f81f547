using System.Security.Cryptography;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// What a person reads to us from an error page and we look up in the log: ten characters that cannot be mistaken for one another.
/// </summary>
internal static class ErrorId
{
    private const string Alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

    public static string Create() => RandomNumberGenerator.GetString(Alphabet, 10);
}
