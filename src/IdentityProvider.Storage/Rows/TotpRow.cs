using IdentityProvider.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>totp_authenticators</c>: the authenticator app of an account, one at most.</summary>
internal sealed class TotpRow
{
    public required string AccountId { get; set; }

    /// <summary>Encrypted; the plain secret is never in the database.</summary>
    public required string SealedSecret { get; set; }

    /// <summary>The last time step whose code was taken (RFC 6238 §5.2): it and those before are used up.</summary>
    public long LastStep { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastUsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<TotpRow>
    {
        public void Configure(EntityTypeBuilder<TotpRow> builder)
        {
            builder.ToTable("totp_authenticators");
            builder.HasKey(row => row.AccountId);
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
