using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>client_secrets</c>: SHA-256 only.</summary>
internal sealed class ClientSecretRow
{
    public required string ClientId { get; set; }

    public required byte[] Hash { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ClientSecretRow>
    {
        public void Configure(EntityTypeBuilder<ClientSecretRow> builder)
        {
            builder.ToTable("client_secrets");
            builder.HasKey(row => new { row.ClientId, row.Hash });
            builder.HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
