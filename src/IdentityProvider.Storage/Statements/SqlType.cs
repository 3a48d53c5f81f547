namespace IdentityProvider.Storage.Statements;

/// <summary>The types our statements use, and how each database keeps them.</summary>
internal enum SqlType
{
    /// <summary>SQLite: 16 bytes in the order of the text form, so that version 7 sorts by time. PostgreSQL: <c>uuid</c>.</summary>
    Guid,

    Text,

    /// <summary>A JSON document. SQLite: text. PostgreSQL: <c>jsonb</c>.</summary>
    Json,

    /// <summary>SQLite: ticks of UTC, for it has no type that compares. PostgreSQL: <c>timestamptz</c>, microseconds.</summary>
    Time,

    Int64,

    Int32,

    Bytes,

    Bool,
}
