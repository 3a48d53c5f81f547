using System.Globalization;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Times in words. The server does not know the person's time zone, so they are relative, or say that they are UTC.</summary>
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
            { TotalDays: < 31 } => texts["Time.Days", (int)past.TotalDays],
            _ => texts["Time.On", Day(moment)],
        };
    }

    /// <summary>Date and time of UTC, as the language writes them.</summary>
    public string Exactly(DateTimeOffset moment) =>
        texts["Time.Exact", Day(moment) + " " + moment.UtcDateTime.ToString("t", CultureInfo.CurrentCulture)];

    /// <summary>As the language writes a date, without the day of the week.</summary>
    private static string Day(DateTimeOffset moment)
    {
        var culture = CultureInfo.CurrentCulture;
        var pattern = culture.DateTimeFormat.LongDatePattern.Replace("dddd", string.Empty, StringComparison.Ordinal).Trim(' ', ',');
        return moment.UtcDateTime.ToString(pattern, culture);
    }
}
