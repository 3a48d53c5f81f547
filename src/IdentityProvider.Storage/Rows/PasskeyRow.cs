using IdentityProvider.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>
/// Table <c>account_passkeys</c>: <see cref="Accounts.Passkeys.Passkey"/>. Columns and not Identity's JSON document, for the counter decides
/// in the statement that writes it.
/// </summary>
internal sealed class PasskeyRow
{
    public Guid Id { get; set; }

    public required byte[] CredentialId { get; set; }

    public required string AccountId { get; set; }

    public required string Name { get; set; }

    public required byte[] PublicKey { get; set; }

    public long SignCount { get; set; }

    /// <summary>Separated by spaces.</summary>
    public required string Transports { get; set; }

    public bool IsBackupEligible { get; set; }

    public bool IsBackedUp { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PasskeyRow>
    {
        public void Configure(EntityTypeBuilder<PasskeyRow> builder)
        {
            builder.ToTable("account_passkeys");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.CredentialId).IsUnique();
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
