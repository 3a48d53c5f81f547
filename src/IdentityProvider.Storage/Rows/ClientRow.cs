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

    internal sealed class Mapping(bool isPostgreSql) : IEntityTypeConfiguration<ClientRow>
    {
        public void Configure(EntityTypeBuilder<ClientRow> builder)
        {
            builder.ToTable("clients");
            builder.HasKey(row => row.ClientId);
            builder.Property(row => row.Metadata).IsJson(isPostgreSql);
        }
    }
}
