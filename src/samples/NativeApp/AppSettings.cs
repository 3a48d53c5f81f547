namespace NativeApp;

/// <summary>Whom the app asks; each has a name in the environment that overrides it.</summary>
internal sealed record AppSettings(string Issuer, Uri OrdersApi, string ClientId)
{
    public const string Scope = "openid profile offline_access orders.read";

    public static AppSettings FromEnvironment() => new(
        Environment.GetEnvironmentVariable("Issuer") ?? "http://localhost:5080",
        new Uri(Environment.GetEnvironmentVariable("OrdersApi") ?? "http://localhost:5101"),
        Environment.GetEnvironmentVariable("ClientId") ?? "native-app");
}
