using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json;

namespace IdentityProvider.Testing;

/// <summary>Token status lists as a resource server reads them: draft-ietf-oauth-status-list §8.</summary>
public static class StatusLists
{
    /// <summary>Where a token says that its status stands.</summary>
    public static (int Index, string Uri) ReferenceOf(string accessToken)
    {
        var reference = Part(accessToken, 1).GetProperty("status").GetProperty("status_list");
        return (reference.GetProperty("idx").GetInt32(), reference.GetProperty("uri").GetString()!);
    }

    /// <summary>Whether the list of this server says that the token was withdrawn.</summary>
    public static async Task<bool> IsSetAsync(this ServerFixture server, (int Index, string Uri) status)
    {
        ArgumentNullException.ThrowIfNull(server);
        var list = Part((await server.GetAsync(status.Uri)).Body, 1).GetProperty("status_list");
        if (list.GetProperty("bits").GetInt32() != 1)
        {
            throw new InvalidOperationException("more than one bit for each token");
        }

        await using var zlib = new ZLibStream(
            new MemoryStream(Base64Url.DecodeFromChars(list.GetProperty("lst").GetString())), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await zlib.CopyToAsync(bytes);
        return (bytes.GetBuffer()[status.Index >> 3] & (1 << (status.Index & 7))) != 0;
    }

    /// <summary>Header (0) or payload (1) of a JWT, unverified.</summary>
    public static JsonElement Part(string jwt, int number)
    {
        ArgumentNullException.ThrowIfNull(jwt);
        return JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[number])).RootElement;
    }
}
