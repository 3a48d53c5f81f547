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

    public async Task<bool> TryUseAsync(string issuer, string jti, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await database.WriteAsync(Use.With(Hash(issuer, jti), expiresAt), cancellationToken) > 0;

    /// <summary>The issuer's length stands in front, so that no other pair gives the same bytes.</summary>
    private static byte[] Hash(string issuer, string jti)
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
