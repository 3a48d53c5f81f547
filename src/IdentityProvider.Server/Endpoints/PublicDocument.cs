using System.Runtime.InteropServices;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Bytes that are the same for everybody until something changes: metadata, keys, status lists.</summary>
/// <param name="Body">Made once, sent many times.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="ETag">Strong, with its quotation marks.</param>
/// <param name="CacheControl">Value of the header.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PublicDocument(ReadOnlyMemory<byte> Body, string ContentType, string ETag, string CacheControl);
