using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>
/// Table <c>consents</c>: a row for each scope that a person allowed a client, so that two tabs which allow different ones at once both
/// only add. An empty scope remembers a consent to nothing but signing in.
/// </summary>
internal sealed class ConsentRow
{
    public required string Subject { get; set; }

    public required string ClientId { get; set; }

    public required string Scope { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ConsentRow>
    {
        public void Configure(EntityTypeBuilder<ConsentRow> builder)
        {
            builder.ToTable("consents");
            builder.HasKey(row => new { row.Subject, row.ClientId, row.Scope });
        }
    }
}
