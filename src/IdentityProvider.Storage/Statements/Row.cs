using System.Data.Common;

namespace IdentityProvider.Storage.Statements;

/// <summary>The row a reader stands on, in the types of <see cref="SqlType"/>.</summary>
internal readonly struct Row(DbDataReader reader, bool isSqlite)
{
    public Guid Guid(int ordinal) =>
        isSqlite ? new Guid(reader.GetFieldValue<byte[]>(ordinal), bigEndian: true) : reader.GetGuid(ordinal);

    public Guid? GuidOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : Guid(ordinal);

    public string Text(int ordinal) => reader.GetString(ordinal);

    public string? TextOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    /// <summary>Values that hold no space, kept as one text.</summary>
    public string[] Words(int ordinal) => Text(ordinal) is { Length: > 0 } text ? text.Split(' ') : [];

    public DateTimeOffset Time(int ordinal) => isSqlite
        ? new DateTimeOffset(reader.GetInt64(ordinal), TimeSpan.Zero)
        : reader.GetFieldValue<DateTimeOffset>(ordinal);

    public int? Int32OrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetInt32(ordinal);

    public DateTimeOffset? TimeOrNull(int ordinal) => reader.IsDBNull(ordinal) ? null : Time(ordinal);

    public long Int64(int ordinal) => reader.GetInt64(ordinal);

    public int Int32(int ordinal) => reader.GetInt32(ordinal);

    public byte[] Bytes(int ordinal) => reader.GetFieldValue<byte[]>(ordinal);

    public bool Bool(int ordinal) => reader.GetBoolean(ordinal);
}
