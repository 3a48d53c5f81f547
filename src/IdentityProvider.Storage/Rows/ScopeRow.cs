using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>scopes</c>: <see cref="Protocol.Catalog.Scope"/>.</summary>
internal sealed class ScopeRow
{
    public required string Name { get; set; }

    /// <summary>The whole scope, as JSON.</summary>
    public required string Metadata { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    internal sealed class Mapping(bool isPostgreSql) : IEntityTypeConfiguration<ScopeRow>
    {
        public void Configure(EntityTypeBuilder<ScopeRow> builder)
        {
            builder.ToTable("scopes");
            builder.HasKey(row => row.Name);
            builder.Property(row => row.Metadata).IsJson(isPostgreSql);
        }
    }
}
