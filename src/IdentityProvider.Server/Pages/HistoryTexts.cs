using System.Collections.Frozen;
using System.Globalization;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Security events in words. What stands in <see cref="AuditEvent.Detail"/> is for operators and never shown, but for how somebody signed in.
/// </summary>
internal sealed class HistoryTexts(IStringLocalizer<PageTexts> texts, TimeTexts times, ClientNames clients)
{
    /// <summary>What a person should look at, for it may have been somebody else.</summary>
    private static readonly FrozenSet<string> Warnings = FrozenSet.Create(
        StringComparer.Ordinal,
        AuditEventTypes.SignInFailed,
        AuditEventTypes.SecondFactorFailed,
        AuditEventTypes.CodeReplayed,
        AuditEventTypes.CodeMisused,
        AuditEventTypes.RefreshTokenReplayed,
        AuditEventTypes.RefreshTokenMisused);

    public HistoryLine LineOf(AuditEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var known = texts["History." + entry.Type];
        var title = known.ResourceNotFound ? texts["History.Other"].Value : known.Value;
        if (string.Equals(entry.Type, AuditEventTypes.SignedIn, StringComparison.Ordinal) && MeansOf(entry.Detail) is { Length: > 0 } means)
        {
            title = texts["History.SignedInBy", means];
        }

        return new HistoryLine(
            entry.Type,
            title,
            entry.ClientId is { } client ? clients.Of(client) : null,
            times.Exactly(entry.At),
            entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            entry.RemoteAddress,
            Warnings.Contains(entry.Type));
    }

    private string MeansOf(string? amr) => string.Join(
        ", ",
        (amr ?? string.Empty).Split(' ').Select(value => texts["History.By." + value]).Where(text => !text.ResourceNotFound).Select(text => text.Value));
}

/// <summary>One event as its person sees it.</summary>
/// <param name="Type">A word of <see cref="AuditEventTypes"/>.</param>
/// <param name="Title">What happened.</param>
/// <param name="Client">The client it was about; null for none.</param>
/// <param name="Time">When, in words.</param>
/// <param name="Machine">When, for programs.</param>
/// <param name="Address">From where; null when it is not known.</param>
/// <param name="IsWarning">Whether to look twice.</param>
internal sealed record HistoryLine(string Type, string Title, string? Client, string Time, string Machine, string? Address, bool IsWarning);
