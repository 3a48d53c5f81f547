using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class UsedJtiStore(IDatabase database) : IUsedJtiStore
{
    private static readonly Statement Use = new(
        "INSERT INTO used_jti (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING", SqlType.Bytes, SqlType.Time);

    private static readonly Statement UseOnly = new(
        "INSERT INTO used_jti (hash, expires_at) VALUES ($1, $2)", SqlType.Bytes, SqlType.Time);

    public async Task<bool> TryUseAsync(string issuer, string jti, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await database.WriteAsync(Use.With(HashOf(issuer, jti), expiresAt), cancellationToken) > 0;

    /// <summary>What uses one up, and fails when it is used.</summary>
    public static SqlCall Using(byte[] hash, DateTimeOffset expiresAt) => UseOnly.With(hash, expiresAt);

    /// <summary>The issuer's length stands in front, so that no other pair gives the same bytes.</summary>
    public static byte[] HashOf(string issuer, string jti)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = Encoding.UTF8.GetBytes(issuer);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
        hash.AppendData(Encoding.UTF8.GetBytes(jti));
        return hash.GetHashAndReset();
    }
}
