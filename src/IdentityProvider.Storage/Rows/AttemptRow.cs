using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>attempts</c>: counters of <see cref="Protocol.Attempts.AttemptLimit"/>, one for each value and window.</summary>
internal sealed class AttemptRow
{
    /// <summary><see cref="Protocol.Attempts.AttemptLimit.KeyOf"/>.</summary>
    public required byte[] Key { get; set; }

    public int Count { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AttemptRow>
    {
        public void Configure(EntityTypeBuilder<AttemptRow> builder)
        {
            builder.ToTable("attempts");
            builder.HasKey(row => row.Key);
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
