using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>initial_access_tokens</c>: <see cref="Protocol.Registration.InitialAccessToken"/>, until it expires or is revoked.</summary>
internal sealed class InitialAccessTokenRow
{
    public Guid Id { get; set; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; set; }

    public string? Note { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public int? MaxUses { get; set; }

    public int Uses { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<InitialAccessTokenRow>
    {
        public void Configure(EntityTypeBuilder<InitialAccessTokenRow> builder)
        {
            builder.ToTable("initial_access_tokens");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.Hash).IsUnique();
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
