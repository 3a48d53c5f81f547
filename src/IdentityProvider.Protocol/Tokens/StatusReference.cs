using System.Runtime.InteropServices;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// Where a token's status bit stands: list number and index (draft-ietf-oauth-status-list §6.1). List 0 belongs to clients and
/// stays; the others belong to grants and go when the last token that points there has expired.
/// </summary>
/// <param name="List">Number of the list; the last segment of its address.</param>
/// <param name="Index">Position of the bit, from 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StatusReference(int List, int Index)
{
    /// <summary>No bit: what has it gets no tokens that would need one.</summary>
    public static StatusReference None { get; } = new(0, -1);

    public bool IsNone => Index < 0;
}
