using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityProvider.Storage.Rows;

/// <summary>Table <c>status_lists</c>: how far each list is handed out. List 0 is the clients' and stays.</summary>
internal sealed class StatusListRow
{
    public const int ClientList = 0;
    public const int FirstGrantList = 1;

    public int Id { get; set; }

    /// <summary>First index that nobody has reserved.</summary>
    public int NextIndex { get; set; }

    /// <summary>
    /// Bits that the clean-up has taken away because every token they spoke of had expired. With those that stand it makes the number of
    /// bits ever set, which is the list's version: it grows when a bit is set and at no other time, and nobody queues for a counter.
    /// </summary>
    public long ForgottenBits { get; set; }

    /// <summary>Last reservation of grant indexes; null before the first. A list is deleted only long after it.</summary>
    public DateTimeOffset? ReservedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<StatusListRow>
    {
        public void Configure(EntityTypeBuilder<StatusListRow> builder)
        {
            builder.ToTable("status_lists");
            builder.Property(row => row.Id).ValueGeneratedNever();
            builder.HasData(new StatusListRow { Id = ClientList }, new StatusListRow { Id = FirstGrantList });
        }
    }
}
