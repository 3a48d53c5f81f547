using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>resources</c>: <see cref="Protocol.Catalog.ApiResource"/>.</summary>
internal sealed class ResourceRow
{
    public required string Identifier { get; set; }

    /// <summary>The whole resource, as JSON.</summary>
    public required string Metadata { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    internal sealed class Mapping(bool isPostgreSql) : IEntityTypeConfiguration<ResourceRow>
    {
        public void Configure(EntityTypeBuilder<ResourceRow> builder)
        {
            builder.ToTable("resources");
            builder.HasKey(row => row.Identifier);
            builder.Property(row => row.Metadata).IsJson(isPostgreSql);
        }
    }
}
