using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>audit_events</c>: <see cref="Protocol.Audit.AuditEvent"/>, append-only.</summary>
internal sealed class AuditEventRow
{
    /// <summary>A version 7 UUID of the event's time: the key is the order.</summary>
    public Guid Id { get; set; }

    public required string Type { get; set; }

    public DateTimeOffset At { get; set; }

    public string? Subject { get; set; }

    public string? ClientId { get; set; }

    public Guid? GrantId { get; set; }

    public Guid? SessionId { get; set; }

    public string? RemoteAddress { get; set; }

    public string? Detail { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEventRow>
    {
        public void Configure(EntityTypeBuilder<AuditEventRow> builder)
        {
            builder.ToTable("audit_events");
            builder.Property(row => row.Id).ValueGeneratedNever();

            // The events of one person, the newest first, are read backwards from here.
            builder.HasIndex(row => new { row.Subject, row.Id });
        }
    }
}
