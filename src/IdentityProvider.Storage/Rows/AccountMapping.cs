using IdentityProvider.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>accounts</c>: the Identity user itself is the row.</summary>
internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("accounts");
        builder.Property(row => row.Id).HasMaxLength(64);

        // Two registrations at once with one address must not both succeed; Identity alone only looks before it writes.
        builder.HasIndex(row => row.NormalizedEmail).IsUnique();
    }
}
