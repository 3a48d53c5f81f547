using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>outbox</c>: <see cref="Protocol.Outbox.OutboxMessage"/>.</summary>
internal sealed class OutboxRow
{
    public Guid Id { get; set; }

    public required string Kind { get; set; }

    public string? ClientId { get; set; }

    public Guid? SessionId { get; set; }

    public string? Subject { get; set; }

    /// <summary>Sealed; null once it is delivered.</summary>
    public string? Payload { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null when there is nothing left to do, so the index holds what waits.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    public int Attempts { get; set; }

    public string? LastError { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? DeadAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OutboxRow>
    {
        public void Configure(EntityTypeBuilder<OutboxRow> builder)
        {
            builder.ToTable("outbox");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.NextAttemptAt);

            // A session ends once: whoever says so again queues nothing. Mail has no session, and nulls differ.
            builder.HasIndex(row => new { row.SessionId, row.ClientId, row.Kind }).IsUnique();
        }
    }
}
