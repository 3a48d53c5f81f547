using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>sessions</c>: <see cref="Protocol.Sessions.Session"/>.</summary>
internal sealed class SessionRow
{
    public Guid Id { get; set; }

    public required byte[] HandleHash { get; set; }

    public required string Subject { get; set; }

    public DateTimeOffset AuthTime { get; set; }

    public string? Acr { get; set; }

    public required string Amr { get; set; }

    public required string Methods { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset IdleExpiresAt { get; set; }

    public DateTimeOffset AbsoluteExpiresAt { get; set; }

    public bool IsPersistent { get; set; }

    public string? UserAgent { get; set; }

    public string? RemoteAddress { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the clean-up looks at the row; as <see cref="GrantRow.PurgeAt"/>.</summary>
    public DateTimeOffset PurgeAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SessionRow>
    {
        public void Configure(EntityTypeBuilder<SessionRow> builder)
        {
            builder.ToTable("sessions");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.Subject);
            builder.HasIndex(row => row.PurgeAt);
        }
    }
}
