namespace DeviceCli;

/// <summary>Whom the tool asks; each has a name in the environment that overrides it.</summary>
internal sealed record CliSettings(string Issuer, Uri OrdersApi, string ClientId, string CacheFile)
{
    public const string Scope = "openid profile offline_access orders.read";

    public static CliSettings FromEnvironment() => new(
        Environment.GetEnvironmentVariable("Issuer") ?? "http://localhost:5080",
        new Uri(Environment.GetEnvironmentVariable("OrdersApi") ?? "http://localhost:5101"),
        Environment.GetEnvironmentVariable("ClientId") ?? "device-cli",
        Environment.GetEnvironmentVariable("CacheFile") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "device-cli",
            "tokens.json"));
}
