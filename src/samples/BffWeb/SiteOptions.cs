namespace BffWeb;

/// <summary>Whom this site trusts, what it calls, and who it is: appsettings.json or environment variables.</summary>
internal sealed class SiteOptions
{
    public string Issuer { get; set; } = "";

    public Uri OrdersApi { get; set; } = new("http://localhost:5101");

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";
}
