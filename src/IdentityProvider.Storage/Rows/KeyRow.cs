using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>keys</c>: <see cref="Protocol.Keys.KeyRecord"/>.</summary>
internal sealed class KeyRow
{
    public required string Id { get; set; }

    public required string Purpose { get; set; }

    public required string Algorithm { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ActivatesAt { get; set; }

    public DateTimeOffset? RetiresAt { get; set; }

    public DateTimeOffset? RemovesAt { get; set; }

    public required byte[] WrappedSecret { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<KeyRow>
    {
        public void Configure(EntityTypeBuilder<KeyRow> builder) => builder.ToTable("keys");
    }
}
