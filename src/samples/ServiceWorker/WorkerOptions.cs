namespace ServiceWorker;

/// <summary>Who this service is and what it calls: appsettings.json, environment variables or the command line.</summary>
internal sealed class WorkerOptions
{
    public string Issuer { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    public string Scope { get; set; } = "";

    /// <summary>Name and address of each API.</summary>
    public Dictionary<string, Uri> Apis { get; set; } = [];

    /// <summary>Pause between two rounds.</summary>
    public int Seconds { get; set; } = 10;
}
