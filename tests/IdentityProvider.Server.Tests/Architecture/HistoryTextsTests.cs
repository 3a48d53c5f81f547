using System.Reflection;
using System.Xml.Linq;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Server.Tests.Documentation;

namespace IdentityProvider.Server.Tests.Architecture;

public sealed class HistoryTextsTests
{
    /// <summary>Events that are nobody's.</summary>
    private static readonly string[] WithoutSubject =
    [
        AuditEventTypes.KeyRotated, AuditEventTypes.KeyCompromised, AuditEventTypes.DeviceCodeMisused, AuditEventTypes.ClientRegistered,
        AuditEventTypes.ClientUpdated, AuditEventTypes.ClientDeleted,
    ];

    [Fact]
    public void Every_event_of_an_account_is_told_in_words()
    {
        var texts = XDocument.Load(Path.Combine(Repository.Root, "src", "IdentityProvider.Server", "Resources", "PageTexts.resx"))
            .Descendants("data").Select(data => data.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);
        var types = typeof(AuditEventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal([], types.Except(WithoutSubject, StringComparer.Ordinal).Where(type => !texts.Contains("History." + type)));
    }
}
