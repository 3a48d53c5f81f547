using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// Publishes the status lists as signed tokens: draft-ietf-oauth-status-list §5.1. A list is asked at most once a second whether it
/// changed, whatever the number of readers, and read and signed again only if it did, if half of its validity is over, or if another
/// key signs now.
/// </summary>
/// <remarks>Every node publishes for itself: with many nodes a set bit is seen by all of them within that second.</remarks>
public sealed class StatusListPublisher(IStatusListStore store, ISigningKeys keys, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>How often the store is asked for a list's version.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long resource servers may go on with a list when we cannot be reached; at least 10 times the <c>ttl</c>.</summary>
    private static readonly TimeSpan LeastValidity = TimeSpan.FromMinutes(10);

    private static readonly string CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)CheckInterval.TotalSeconds}");

    private readonly ConcurrentDictionary<int, Publication> _publications = new();

    private TimeSpan Ttl => options.Value.Tokens.StatusListTtl;

    /// <summary>The list of that number as it stands now, at most a second old; null when there is none.</summary>
    public async ValueTask<StatusListDocument?> FindAsync(int list, CancellationToken cancellationToken)
    {
        if (_publications.TryGetValue(list, out var publication) && IsFresh(publication))
        {
            return publication.Document;
        }

        // Only lists that exist are remembered, so that asking for numbers at random costs no memory.
        if (publication is null)
        {
            if (await store.FindVersionAsync(list, cancellationToken) is null)
            {
                return null;
            }

            publication = _publications.GetOrAdd(list, _ => new Publication());
        }

        await publication.Gate.WaitAsync(cancellationToken);
        try
        {
            return IsFresh(publication) ? publication.Document : await RefreshAsync(list, publication, cancellationToken);
        }
        finally
        {
            publication.Gate.Release();
        }
    }

    private async Task<StatusListDocument?> RefreshAsync(int list, Publication publication, CancellationToken cancellationToken)
    {
        // The version is read before the bits: a bit set in between is read now and makes one needless refresh later.
        var checkedAt = clock.GetTimestamp();
        if (await store.FindVersionAsync(list, cancellationToken) is not { } version)
        {
            publication.Document = null;
            _publications.TryRemove(list, out _);
            return null;
        }

        var signer = keys.GetSigner(keys.Algorithms[0]);
        if (publication.Document is null || publication.Version != version || !ReferenceEquals(publication.Signer, signer) || !IsYoung(publication.Document))
        {
            var revoked = await store.GetRevokedAsync(list, cancellationToken);
            publication.Document = Sign(list, new StatusList(IStatusListStore.ListLength, revoked), signer);
            publication.Version = version;
            publication.Signer = signer;
        }

        publication.CheckedAt = checkedAt;
        return publication.Document;
    }

    private StatusListDocument Sign(int list, StatusList statuses, SigningCredential signer)
    {
        var validity = 10 * Ttl > LeastValidity ? 10 * Ttl : LeastValidity;
        var issuedAt = clock.GetUtcNow();
        var uri = options.Value.AddressOf(EndpointPaths.StatusLists) + "/" + list.ToString(CultureInfo.InvariantCulture);
        var claims = new Claims(options.Value.Issuer, uri, issuedAt, issuedAt + validity, (long)Ttl.TotalSeconds, statuses.Encode());
        var token = JwtWriter.Write(signer, TokenTypes.StatusList, claims, static (json, claims) => Write(json, claims));
        return new StatusListDocument(token, claims.IssuedAt, claims.ExpiresAt, CacheControl);
    }

    private static void Write(Utf8JsonWriter json, Claims claims)
    {
        json.WriteString(ClaimNames.Issuer, claims.Issuer);
        json.WriteString(ClaimNames.Subject, claims.Uri);
        json.WriteNumber(ClaimNames.IssuedAt, claims.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber(ClaimNames.Expiry, claims.ExpiresAt.ToUnixTimeSeconds());
        json.WriteNumber(ClaimNames.TimeToLive, claims.Ttl);
        json.WriteStartObject(ClaimNames.StatusList);
        json.WriteNumber("bits", StatusList.BitsPerStatus);
        json.WriteString("lst", claims.List);
        json.WriteEndObject();
    }

    private bool IsFresh(Publication publication) =>
        publication.Document is { } document && clock.GetElapsedTime(publication.CheckedAt) < CheckInterval && IsYoung(document);

    // Neither past half of its validity nor, after the clock was set back, from the future.
    private bool IsYoung(StatusListDocument document)
    {
        var now = clock.GetUtcNow();
        return document.IssuedAt <= now && now < document.IssuedAt + ((document.ExpiresAt - document.IssuedAt) / 2);
    }

    private sealed class Publication
    {
        private volatile StatusListDocument? _document;
        private long _checkedAt;

        /// <summary>One refresh at a time; whoever comes meanwhile waits for it and takes its outcome.</summary>
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public StatusListDocument? Document
        {
            get => _document;
            set => _document = value;
        }

        public long CheckedAt
        {
            get => Interlocked.Read(ref _checkedAt);
            set => Interlocked.Exchange(ref _checkedAt, value);
        }

        public long Version { get; set; }

        public SigningCredential? Signer { get; set; }
    }

    private sealed record Claims(string Issuer, string Uri, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, long Ttl, string List);
}
