using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>grants</c>: <see cref="Protocol.Tokens.Grant"/>.</summary>
internal sealed class GrantRow
{
    public Guid Id { get; set; }

    public required string ClientId { get; set; }

    public required string Subject { get; set; }

    public Guid SessionId { get; set; }

    public required string Scope { get; set; }

    /// <summary>Separated by spaces, which a URI cannot hold.</summary>
    public required string Resources { get; set; }

    public DateTimeOffset AuthTime { get; set; }

    public string? Acr { get; set; }

    public required string Amr { get; set; }

    public string? RequestedClaims { get; set; }

    /// <summary>Whether it outlives its session.</summary>
    public bool IsOffline { get; set; }

    public long Counter { get; set; }

    public DateTimeOffset? RotatedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset AbsoluteExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public int StatusList { get; set; }

    public int StatusIndex { get; set; }

    /// <summary>
    /// When the clean-up looks at the row. A rotation leaves it alone, so that a refresh touches no index; the clean-up moves it on when it
    /// comes and finds the grant alive.
    /// </summary>
    public DateTimeOffset PurgeAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<GrantRow>
    {
        public void Configure(EntityTypeBuilder<GrantRow> builder)
        {
            builder.ToTable("grants");
            builder.Property(row => row.Id).ValueGeneratedNever();
            // One index to find grants by, for each costs every sign-in two pages at a random place. A person has few grants, so session and
            // client are looked up among them; to disable a client, once in a year, reads the table.
            builder.HasIndex(row => row.Subject);
            builder.HasIndex(row => row.PurgeAt);
        }
    }
}
