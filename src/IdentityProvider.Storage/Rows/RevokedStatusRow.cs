using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>revoked_statuses</c>: the set bits of all status lists.</summary>
internal sealed class RevokedStatusRow
{
    public int List { get; set; }

    public int Index { get; set; }

    /// <summary>When the last token that points here has expired; null for clients, whose bit stays.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RevokedStatusRow>
    {
        public void Configure(EntityTypeBuilder<RevokedStatusRow> builder)
        {
            builder.ToTable("revoked_statuses");
            builder.HasKey(row => new { row.List, row.Index });
            builder.Property(row => row.Index).HasColumnName("idx");
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
