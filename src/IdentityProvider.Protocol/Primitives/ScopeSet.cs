using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Protocol.Primitives;

/// <summary>
/// Scope tokens of RFC 6749 §3.3: case-sensitive, unordered, without duplicates. Printed in the order they were first given.
/// </summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "a set in the words of the RFC")]
public sealed class ScopeSet : IReadOnlyCollection<string>, IEquatable<ScopeSet>
{
    /// <summary>More tokens than this in one request are refused; no honest request comes near.</summary>
    public const int MaxTokens = 100;

    private readonly string[] _tokens;
    private string? _text;

    private ScopeSet(string[] tokens) => _tokens = tokens;

    public static ScopeSet Empty { get; } = new([]);

    public int Count => _tokens.Length;

    public static ScopeSet Of(params IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new ScopeSet([.. tokens.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Reads a space-delimited list. Null when a token has a character outside RFC 6749 §3.3 or there are too many.</summary>
    public static ScopeSet? TryParse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Empty;
        }

        var tokens = new List<string>();
        foreach (var range in text.AsSpan().Split(' '))
        {
            var token = text.AsSpan(range);
            if (token.IsEmpty)
            {
                continue;
            }

            if (tokens.Count == MaxTokens || !IsScopeToken(token))
            {
                return null;
            }

            var value = token.ToString();
            if (!tokens.Contains(value, StringComparer.Ordinal))
            {
                tokens.Add(value);
            }
        }

        return tokens.Count == 0 ? Empty : new ScopeSet([.. tokens]);
    }

    /// <summary>scope-token = 1*( %x21 / %x23-5B / %x5D-7E ), RFC 6749 §3.3.</summary>
    public static bool IsScopeToken(ReadOnlySpan<char> token)
    {
        foreach (var c in token)
        {
            if (c is < '\x21' or '\x22' or '\x5C' or > '\x7E')
            {
                return false;
            }
        }

        return !token.IsEmpty;
    }

    public bool Contains(string token) => Array.IndexOf(_tokens, token) >= 0;

    public bool IsSubsetOf(ScopeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Array.TrueForAll(_tokens, other.Contains);
    }

    public ScopeSet Where(Func<string, bool> predicate)
    {
        var kept = Array.FindAll(_tokens, token => predicate(token));
        return kept.Length == _tokens.Length ? this : new ScopeSet(kept);
    }

    public ScopeSet Union(ScopeSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsSubsetOf(this) ? this : Of(_tokens.Concat(other._tokens));
    }

    public bool Equals(ScopeSet? other) => other is not null && Count == other.Count && IsSubsetOf(other);

    public override bool Equals(object? obj) => Equals(obj as ScopeSet);

    public override int GetHashCode()
    {
        var hash = 0;
        foreach (var token in _tokens)
        {
            hash ^= string.GetHashCode(token, StringComparison.Ordinal);
        }

        return hash;
    }

    /// <summary>The wire form: tokens separated by one space.</summary>
    public override string ToString() => _text ??= string.Join(' ', _tokens);

    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)_tokens).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
