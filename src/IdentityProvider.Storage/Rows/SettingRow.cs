using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>settings</c>: numbers that the whole cluster shares.</summary>
internal sealed class SettingRow
{
    /// <summary>Grows with every change of clients, scopes and resources.</summary>
    public const string CatalogVersion = "catalog_version";

    /// <summary>Grows with every change of the key ring.</summary>
    public const string KeyRingVersion = "key_ring_version";

    public required string Name { get; set; }

    public long Value { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SettingRow>
    {
        public void Configure(EntityTypeBuilder<SettingRow> builder)
        {
            builder.ToTable("settings");
            builder.HasKey(row => row.Name);
            builder.HasData(new SettingRow { Name = CatalogVersion }, new SettingRow { Name = KeyRingVersion });
        }
    }
}
