using System.Security.Cryptography;
using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Protocol.Keys;

/// <summary>The master key in use and the one before it, if that was given.</summary>
public sealed class MasterKeys
{
    private readonly MasterKey? _previous;

    public MasterKeys(MasterKey current, MasterKey? previous = null)
    {
        Current = current;
        _previous = previous;
    }

    /// <summary>Wraps everything new.</summary>
    public MasterKey Current { get; }

    /// <summary>Takes the master keys from where the options say.</summary>
    /// <param name="options">Source of the keys.</param>
    /// <param name="ringIsEmpty">
    /// Whether there is nothing yet that the master key must open. Only then may a missing file be made: a new one would open nothing.
    /// </param>
    /// <exception cref="KeyRingException">None was given, or it cannot be read.</exception>
    public static MasterKeys Load(KeyOptions options, bool ringIsEmpty)
    {
        ArgumentNullException.ThrowIfNull(options);
        var current = (options.MasterKey, options.MasterKeyFile) switch
        {
            ({ } text, _) => MasterKeyFile.Parse(text, "setting Keys:master_key"),
            (null, { } path) when options.CreateMissingMasterKey && ringIsEmpty => MasterKeyFile.ReadOrCreate(path),
            (null, { } path) => MasterKeyFile.Read(path),
            _ => throw new KeyRingException("No master key was given: set Keys:master_key_file or Keys:master_key."),
        };
        var previous = (options.PreviousMasterKey, options.PreviousMasterKeyFile) switch
        {
            ({ } text, _) => MasterKeyFile.Parse(text, "setting Keys:previous_master_key"),
            (null, { } path) => MasterKeyFile.Read(path),
            _ => null,
        };
        return new MasterKeys(current, previous);
    }

    /// <summary>Whether the secret is wrapped by another key than the one in use.</summary>
    public bool NeedsRewrap(KeyRecord record) =>
        !string.Equals(MasterKey.FindCheckValue(record.WrappedSecret.Span), Current.CheckValue, StringComparison.Ordinal);

    /// <summary>The secret of a record; the caller clears the array.</summary>
    /// <exception cref="KeyRingException">No master key we have opens it.</exception>
    public byte[] Unwrap(KeyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var wrapped = record.WrappedSecret.Span;
        return Current.Unwrap(record.Id, record.Purpose, record.Algorithm, wrapped)
            ?? _previous?.Unwrap(record.Id, record.Purpose, record.Algorithm, wrapped)
            ?? throw Refusal(record);
    }

    /// <summary>The record with its secret under the master key in use.</summary>
    public KeyRecord Rewrap(KeyRecord record)
    {
        var secret = Unwrap(record);
        try
        {
            return record with { WrappedSecret = Current.Wrap(record.Id, record.Purpose, record.Algorithm, secret) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private KeyRingException Refusal(KeyRecord record)
    {
        var wrappedBy = MasterKey.FindCheckValue(record.WrappedSecret.Span);
        var isOurs = wrappedBy is not null
            && (string.Equals(wrappedBy, Current.CheckValue, StringComparison.Ordinal)
                || string.Equals(wrappedBy, _previous?.CheckValue, StringComparison.Ordinal));
        var cause = isOurs || wrappedBy is null
            ? "the stored key was altered or damaged; restore the table of keys from a backup"
            : $"it was wrapped by another one (check value {wrappedBy}, ours is {Current.CheckValue}); give that master key back, or give it as "
                + "Keys:previous_master_key and run 'keys rewrap'";
        return new KeyRingException(
            $"Cannot unwrap key {record.Id} ({record.Purpose}, {record.Algorithm}) with the master key from the {Current.Source}: {cause}. "
            + "No key was made or changed.");
    }
}
