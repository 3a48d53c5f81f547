using IdentityProvider.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>recovery_codes</c>: hashes only.</summary>
internal sealed class RecoveryCodeRow
{
    public required string AccountId { get; set; }

    public required byte[] Hash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null while it can be used.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RecoveryCodeRow>
    {
        public void Configure(EntityTypeBuilder<RecoveryCodeRow> builder)
        {
            builder.ToTable("recovery_codes");
            builder.HasKey(row => new { row.AccountId, row.Hash });
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
