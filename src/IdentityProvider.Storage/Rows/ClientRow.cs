using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>clients</c>: <see cref="Protocol.Clients.Client"/> without its secrets.</summary>
internal sealed class ClientRow
{
    public required string ClientId { get; set; }

    /// <summary>RFC 7591 §2, as JSON.</summary>
    public required string Metadata { get; set; }

    public bool Enabled { get; set; }

    public int StatusList { get; set; }

    public int StatusIndex { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>SHA-256 of the registration access token (RFC 7592 §1.1) of a client that registered itself; null for all others.</summary>
    public byte[]? RegistrationTokenHash { get; set; }

    /// <summary>When the clean-up takes a self-registered client away; null for all others, and for those that were used.</summary>
    public DateTimeOffset? UnusedUntil { get; set; }

    /// <summary>The version of the catalog that the client's own registration or change made; 0 where there was none.</summary>
    public long CatalogVersion { get; set; }

    internal sealed class Mapping(bool isPostgreSql) : IEntityTypeConfiguration<ClientRow>
    {
        public void Configure(EntityTypeBuilder<ClientRow> builder)
        {
            builder.ToTable("clients");
            builder.HasKey(row => row.ClientId);
            builder.Property(row => row.Metadata).IsJson(isPostgreSql);
            builder.Property(row => row.CatalogVersion).HasDefaultValue(0L);
            builder.HasIndex(row => row.UnusedUntil);
            builder.HasIndex(row => row.CatalogVersion);
        }
    }
}
