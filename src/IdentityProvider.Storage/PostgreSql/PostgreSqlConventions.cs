using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IdentityProvider.Storage.PostgreSql;

/// <summary>How Entity Framework keeps values on PostgreSQL; the same as <see cref="PostgreSqlDatabase"/> does.</summary>
internal static class PostgreSqlConventions
{
    public static void Apply(ModelConfigurationBuilder builder) => builder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();

    /// <summary><c>timestamptz</c> keeps a moment and no offset, and the driver refuses any but UTC's.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);
}
