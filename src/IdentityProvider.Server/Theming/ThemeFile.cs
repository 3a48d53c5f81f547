using System.Security.Cryptography;

namespace IdentityProvider.Server.Theming;

/// <summary>A picture or font of the operator's, as it is served: under the hash of its bytes, so that browsers may keep it for ever.</summary>
/// <param name="Extension">With its dot.</param>
/// <param name="ContentType">By the bytes, not by the name.</param>
/// <param name="Body">As on disk at start.</param>
internal sealed record ThemeFile(string Extension, string ContentType, byte[] Body)
{
    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Body).AsSpan(0, 10));

    /// <summary>Path under the root, without its leading slash.</summary>
    public string Path => $"theme/{Hash}{Extension}";
}
