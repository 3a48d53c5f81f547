using System.Globalization;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>Keeps a picture of every page a test looks at, in the folder that <c>IDP_PICTURES</c> names; without it nothing is kept.</summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("IDP_PICTURES");
    private static int _number;

    public static async Task TakeAsync(Visitor visitor)
    {
        if (string.IsNullOrEmpty(Folder))
        {
            return;
        }

        var number = Interlocked.Increment(ref _number).ToString("D3", CultureInfo.InvariantCulture);
        var name = $"{number}{visitor.Path.Replace('/', '-')}-{visitor.Page.ViewportSize!.Width}.png";
        await visitor.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name), FullPage = true });
    }
}
