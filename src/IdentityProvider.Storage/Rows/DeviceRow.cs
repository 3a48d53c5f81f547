using IdentityProvider.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>devices</c>: <see cref="Accounts.Devices.Device"/>.</summary>
internal sealed class DeviceRow
{
    public Guid Id { get; set; }

    public required string AccountId { get; set; }

    public required byte[] SecretHash { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? TrustedUntil { get; set; }

    public string? TrustedStamp { get; set; }

    public string? UserAgent { get; set; }

    public string? RemoteAddress { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<DeviceRow>
    {
        public void Configure(EntityTypeBuilder<DeviceRow> builder)
        {
            builder.ToTable("devices");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(row => row.AccountId);
            builder.HasIndex(row => row.ExpiresAt);
        }
    }
}
