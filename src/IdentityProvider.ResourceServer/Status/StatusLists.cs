using System.Collections.Concurrent;
using IdentityProvider.ResourceServer.Issuer;
using IdentityProvider.ResourceServer.Jose;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.ResourceServer.Status;

/// <summary>
/// The issuer's status lists, each polled by its own <c>ttl</c> with a conditional request (Token Status List §8).
/// A list in use is renewed shortly before its <c>ttl</c> is over, so a busy API never waits for it; the first request
/// after a quiet time waits for one fetch, so a withdrawal is seen within <c>ttl</c> in both cases.
/// </summary>
internal sealed class StatusLists(
    ResourceServerOptions options, IssuerClient client, IssuerKeys keys, TimeProvider time, ILogger logger)
{
    /// <summary>For lists without <c>ttl</c>.</summary>
    private static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromSeconds(60);

    /// <summary>For lists without <c>exp</c>: how long one is used after its <c>ttl</c> when no newer can be had.</summary>
    private static readonly TimeSpan OverdueLimit = TimeSpan.FromHours(1);

    /// <summary>An index beyond the end of a list may be newer than our copy; how often that is a reason to fetch.</summary>
    private static readonly TimeSpan GrowthInterval = TimeSpan.FromSeconds(1);

    /// <summary>Lists kept at one time; the one unused for longest makes room.</summary>
    private const int MaximumLists = 256;

    private readonly Uri _issuer = new(options.Authority);
    private readonly ConcurrentDictionary<string, Entry> _lists = new(StringComparer.Ordinal);

    public async ValueTask<StatusAnswer> FindAsync(StatusReference reference, CancellationToken cancellationToken)
    {
        if (!IssuerUri.TryParse(reference.Address, out var address) || !IssuerUri.IsSameOrigin(address, _issuer))
        {
            return StatusAnswer.BadReference;
        }

        var entry = EntryFor(reference.Address, address);
        entry.UsedAt = time.GetTimestamp();
        var (published, overdue) = await entry.Document.GetAsync(cancellationToken);
        if (published is null || IsOver(published.List, overdue))
        {
            return StatusAnswer.Unknown;
        }

        var status = published.List.StatusAt(reference.Index);
        if (status is null && await entry.Document.TryRefreshAsync(GrowthInterval, cancellationToken))
        {
            (published, _) = await entry.Document.GetAsync(cancellationToken);
            status = published?.List.StatusAt(reference.Index);
        }

        return status switch
        {
            0 => StatusAnswer.Valid,
            null => StatusAnswer.BadReference,
            _ => StatusAnswer.NotValid,
        };
    }

    private bool IsOver(StatusList list, TimeSpan overdue) =>
        list.ExpiresAt is { } expiresAt
            ? time.GetUtcNow() >= expiresAt + options.ClockSkew
            : overdue > OverdueLimit;

    private Entry EntryFor(string key, Uri address)
    {
        if (_lists.TryGetValue(key, out var known))
        {
            return known;
        }

        while (_lists.Count >= MaximumLists && _lists.MinBy(list => list.Value.UsedAt) is { Key: { } oldest })
        {
            _lists.TryRemove(oldest, out _);
        }

        return _lists.GetOrAdd(key, _ => new Entry(new CachedDocument<PublishedList>(
            (previous, cancellationToken) => FetchAsync(address, key, previous, cancellationToken),
            time,
            exception => Log.StatusListFailed(logger, key, exception))));
    }

    private async Task<Fetched<PublishedList>> FetchAsync(
        Uri address, string subject, PublishedList? previous, CancellationToken cancellationToken)
    {
        // A copy about to expire is asked for anew: a 304 would leave us with the old exp.
        var isWorthKeeping = previous?.List is { } old
            && (old.ExpiresAt is null || old.ExpiresAt > time.GetUtcNow() + FreshnessOf(old));
        var answer = await client.GetAsync(
            address,
            "application/statuslist+jwt",
            (options.MaximumStatusListSize * 3 / 2) + options.MaximumDocumentSize,
            isWorthKeeping ? previous!.EntityTag : null,
            cancellationToken);
        if (answer.Body is null)
        {
            return new Fetched<PublishedList>(previous!, FreshnessOf(previous!.List));
        }

        var list = await VerifyAsync(answer.Body, subject, cancellationToken);
        return new Fetched<PublishedList>(new PublishedList(list, answer.EntityTag), FreshnessOf(list));
    }

    /// <summary>Token Status List §5.1 and §8.3, steps 3 to 5. Signed by the same keys as the token itself.</summary>
    private async Task<StatusList> VerifyAsync(byte[] body, string subject, CancellationToken cancellationToken)
    {
        if (!SignedToken.TryParse(System.Text.Encoding.ASCII.GetString(body).Trim(), out var token, out var problem))
        {
            throw new InvalidDataException($"The status list token is refused: {problem}.");
        }

        if (!string.Equals(token.Type, "statuslist+jwt", StringComparison.Ordinal)
            || await keys.FindAsync(token.KeyId, cancellationToken) is not KeyLookup.Found found
            || !token.IsSignedBy(found.Key)
            || !token.TryReadClaims(out var claims))
        {
            throw new InvalidDataException("The status list token has another typ, or no good signature of the issuer.");
        }

        var now = time.GetUtcNow();
        var hasOtherIssuer = claims.TryGetProperty("iss", out _)
            && !string.Equals(claims.FindString("iss"), options.Authority, StringComparison.Ordinal);
        if (hasOtherIssuer || !string.Equals(claims.FindString("sub"), subject, StringComparison.Ordinal))
        {
            throw new InvalidDataException("The status list token is of another issuer or another list.");
        }

        if (claims.FindTime("iat") is not { } issuedAt || issuedAt > now + options.ClockSkew)
        {
            throw new InvalidDataException("The status list token has no iat, or one in the future.");
        }

        if (claims.TryGetProperty("exp", out _)
            && (claims.FindTime("exp") is not { } expiresAt || now >= expiresAt + options.ClockSkew))
        {
            throw new InvalidDataException("The status list token has expired.");
        }

        return StatusList.Read(claims, options.MaximumStatusListSize);
    }

    private static TimeSpan FreshnessOf(StatusList list)
    {
        var freshness = list.TimeToLive ?? DefaultTimeToLive;
        return freshness < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1)
            : freshness > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1)
            : freshness;
    }

    private sealed record PublishedList(StatusList List, string? EntityTag);

    private sealed class Entry(CachedDocument<PublishedList> document)
    {
        public CachedDocument<PublishedList> Document { get; } = document;

        public long UsedAt { get; set; }
    }
}
