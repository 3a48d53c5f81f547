namespace BffWeb;

/// <summary>Names of the HTTP clients, so that each has its own limits.</summary>
internal static class HttpClients
{
    public const string Issuer = "issuer";
    public const string Orders = "orders";
}
