namespace IdentityProvider.Protocol.Tests.Primitives;

/// <summary>xorshift32: the same numbers in every run, so that what fails once fails again.</summary>
internal sealed class Xorshift(uint seed)
{
    private uint _state = seed;

    /// <summary>0 to <paramref name="below"/> - 1.</summary>
    public int Next(int below)
    {
        _state ^= _state << 13;
        _state ^= _state >> 17;
        _state ^= _state << 5;
        return (int)(_state % (uint)below);
    }

    public T Pick<T>(IReadOnlyList<T> values) => values[Next(values.Count)];

    public string Text(string alphabet, int longest) => string.Concat(Enumerable.Range(0, Next(longest + 1)).Select(_ => alphabet[Next(alphabet.Length)]));
}
