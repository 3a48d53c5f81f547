using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>
/// Keeps apart who opens a grant of a client and who ends the client, on PostgreSQL: codes that are being redeemed come first, and their grants are
/// ended with the others; those that come later wait, and then see the client as it is. Not its row, which every redemption would lock at
/// once, and not the table of grants, for which a vacuum would have to end first.
/// </summary>
internal static class ClientHold
{
    private static readonly Statement Share = Statement.Lock("SELECT pg_advisory_xact_lock_shared($1)", SqlType.Int64);

    private static readonly Statement Take = Statement.Lock("SELECT pg_advisory_xact_lock($1)", SqlType.Int64);

    /// <summary>Before a grant of the client is opened, as a statement of its own: the next sees what was committed before the lock was had.</summary>
    public static SqlCall ToOpen(string clientId) => Share.With(KeyOf(clientId));

    /// <summary>Before the client's grants are ended, and before any row is held that somebody may wait for who opens one.</summary>
    public static SqlCall ToEnd(string clientId) => Take.With(KeyOf(clientId));

    /// <summary>Two clients of one key, should there ever be any, wait for each other and no more.</summary>
    private static long KeyOf(string clientId) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(clientId)));
}
