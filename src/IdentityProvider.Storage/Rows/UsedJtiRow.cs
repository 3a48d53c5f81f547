using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>used_jti</c>: assertions that were used, until they expire.</summary>
internal sealed class UsedJtiRow
{
    /// <summary>SHA-256 of issuer and identifier: short, whatever a client chose.</summary>
    public required byte[] Hash { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<UsedJtiRow>
    {
        public void Configure(EntityTypeBuilder<UsedJtiRow> builder)
        {
            builder.ToTable("used_jti");
            builder.HasKey(row => row.Hash);
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
