using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// Secrets that everybody knows, because they stand in this repository: refused outside Development, in files and in the database.
/// Kept as SHA-256, the form in which the database has client secrets.
/// </summary>
internal static class DevelopmentSecrets
{
    private static readonly HashSet<string> KnownSecrets = new(StringComparer.Ordinal)
    {
        HashOf("service-worker-development-secret"),
        HashOf("web-app-development-secret"),
        HashOf("orders-api-development-secret"),
        HashOf("bff-web-development-secret"),
    };

    private static readonly HashSet<string> KnownPasswords = new(StringComparer.Ordinal) { HashOf("development") };

    /// <summary>What a configuration for other environments must not declare.</summary>
    public static IEnumerable<DeclaredProblem> Validate(DeclaredObjects declared)
    {
        foreach (var client in declared.Clients)
        {
            if ((client.ClientSecret is { } secret && KnownSecrets.Contains(HashOf(secret)))
                || client.IdpClientSecrets.Any(hashed => KnownSecrets.Contains(hashed.Sha256.ToUpperInvariant())))
            {
                yield return new(
                    "Clients", client.ClientId, "client_secret", "is a secret of the samples, known to everybody; outside Development it is refused.");
            }
        }

        foreach (var account in declared.Accounts)
        {
            if (account.Password is { } password && KnownPasswords.Contains(HashOf(password)))
            {
                yield return new(
                    "Accounts", account.UserName, "password", "is the development account's, known to everybody; outside Development it is refused.");
            }
        }
    }

    /// <summary>Whether a stored client can be entered with a secret of the samples.</summary>
    public static bool IsKnown(Client client) => client.Secrets.Any(secret => KnownSecrets.Contains(Convert.ToHexString(secret.Hash.Span)));

    private static string HashOf(string secret) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
