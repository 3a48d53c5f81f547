using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Times in words. Relative, for the server does not know the person's time zone.</summary>
internal sealed class TimeTexts(IStringLocalizer<PageTexts> texts, TimeProvider clock)
{
    public string Ago(DateTimeOffset moment)
    {
        var past = clock.GetUtcNow() - moment;
        return past switch
        {
            { TotalMinutes: < 1 } => texts["Time.Now"],
            { TotalMinutes: < 2 } => texts["Time.Minute"],
            { TotalHours: < 1 } => texts["Time.Minutes", (int)past.TotalMinutes],
            { TotalHours: < 2 } => texts["Time.Hour"],
            { TotalDays: < 1 } => texts["Time.Hours", (int)past.TotalHours],
            { TotalDays: < 2 } => texts["Time.Day"],
            _ => texts["Time.Days", (int)past.TotalDays],
        };
    }
}
