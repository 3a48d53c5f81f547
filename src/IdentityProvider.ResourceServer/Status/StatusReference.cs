using System.Text.Json;

namespace IdentityProvider.ResourceServer.Status;

/// <summary>Where the status of a token stands: the <c>status_list</c> member of <c>status</c> (Token Status List §6.2).</summary>
internal sealed record StatusReference(string Address, long Index)
{
    /// <summary>
    /// False when there is a <c>status</c> claim that is not a well-formed reference to a status list. A token without
    /// <c>status</c> is fine and gives a null reference.
    /// </summary>
    public static bool TryRead(JsonElement claims, out StatusReference? reference)
    {
        reference = null;
        if (!claims.TryGetProperty("status", out var status))
        {
            return true;
        }

        if (status.ValueKind != JsonValueKind.Object
            || !status.TryGetProperty("status_list", out var list)
            || list.ValueKind != JsonValueKind.Object
            || !list.TryGetProperty("idx", out var idx)
            || idx.ValueKind != JsonValueKind.Number
            || !idx.TryGetInt64(out var index)
            || index < 0
            || !list.TryGetProperty("uri", out var uri)
            || uri.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        reference = new StatusReference(uri.GetString()!, index);
        return true;
    }
}
