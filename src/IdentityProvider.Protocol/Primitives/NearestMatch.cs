namespace IdentityProvider.Protocol.Primitives;

/// <summary>
/// The known value that somebody probably meant, for log lines and configuration errors. Bounded: it looks at no more than 500
/// candidates of at most 200 characters, so an unknown value cannot be used to burn time.
/// </summary>
public static class NearestMatch
{
    private const int MaxCandidates = 500;
    private const int MaxLength = 200;

    /// <summary>The candidate with the fewest edits, when they are at most a third of the value; null when nothing is near.</summary>
    public static string? Find(string value, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(candidates);
        if (value.Length is 0 or > MaxLength)
        {
            return null;
        }

        string? nearest = null;
        var fewest = Math.Max(1, value.Length / 3) + 1;
        foreach (var candidate in candidates.Take(MaxCandidates))
        {
            if (candidate.Length > MaxLength || Math.Abs(candidate.Length - value.Length) >= fewest)
            {
                continue;
            }

            var edits = Edits(value, candidate);
            if (edits < fewest)
            {
                fewest = edits;
                nearest = candidate;
            }
        }

        return nearest;
    }

    /// <summary>Levenshtein distance. Letter case costs nothing: a wrong case is the commonest slip.</summary>
    private static int Edits(string left, string right)
    {
        Span<int> previous = stackalloc int[right.Length + 1];
        Span<int> current = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                current[j] = Math.Min(previous[j - 1] + (same ? 0 : 1), 1 + Math.Min(previous[j], current[j - 1]));
            }

            current.CopyTo(previous);
        }

        return previous[right.Length];
    }
}
