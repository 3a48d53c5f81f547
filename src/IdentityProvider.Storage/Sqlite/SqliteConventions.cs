using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>How Entity Framework keeps values on SQLite; the same as <see cref="SqliteSession"/> does.</summary>
internal static class SqliteConventions
{
    public static void Apply(ModelConfigurationBuilder builder)
    {
        builder.Properties<DateTimeOffset>().HaveConversion<TimeConverter>();
        builder.Properties<Guid>().HaveConversion<GuidConverter>();
    }

    /// <summary>Ticks of UTC: SQLite neither orders nor compares the text form with its offset.</summary>
    private sealed class TimeConverter() : ValueConverter<DateTimeOffset, long>(
        time => time.UtcTicks,
        ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>Bytes in the order of the text form; Guid's own order would scatter version 7.</summary>
    private sealed class GuidConverter() : ValueConverter<Guid, byte[]>(
        guid => guid.ToByteArray(true),
        bytes => new Guid(bytes, true));
}
