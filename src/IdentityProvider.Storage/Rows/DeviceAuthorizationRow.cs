using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>device_authorizations</c>: <see cref="Protocol.DeviceAuthorization.WaitingDevice"/>, until it expires.</summary>
internal sealed class DeviceAuthorizationRow
{
    public const int Pending = 0;
    public const int Approved = 1;
    public const int Denied = 2;

    public Guid Id { get; set; }

    public required string ClientId { get; set; }

    public required string Scope { get; set; }

    /// <summary>Separated by spaces, which a URI cannot hold.</summary>
    public required string Resources { get; set; }

    /// <summary>A MAC under a key of the ring; without the key nothing leads back to the code.</summary>
    public required byte[] UserCodeHash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>Whole seconds.</summary>
    public int PollingInterval { get; set; }

    public string? RemoteAddress { get; set; }

    /// <summary><see cref="Pending"/>, <see cref="Approved"/> or <see cref="Denied"/>.</summary>
    public int Decision { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>This and what follows: of the approval.</summary>
    public string? Subject { get; set; }

    public Guid? SessionId { get; set; }

    public string? ApprovedScope { get; set; }

    public DateTimeOffset? AuthTime { get; set; }

    public string? Acr { get; set; }

    public string? Amr { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<DeviceAuthorizationRow>
    {
        public void Configure(EntityTypeBuilder<DeviceAuthorizationRow> builder)
        {
            builder.ToTable("device_authorizations");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasIndex(row => row.UserCodeHash).IsUnique();
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
