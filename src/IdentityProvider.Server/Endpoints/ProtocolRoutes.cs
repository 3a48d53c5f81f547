namespace IdentityProvider.Server.Endpoints;

/// <summary>The table of protocol routes; nothing else maps one.</summary>
internal static class ProtocolRoutes
{
    public static IReadOnlyList<ProtocolRoute> Table { get; } = [];

    public static void Map(WebApplication app)
    {
        foreach (var route in Table)
        {
            app.Map(route.Path, route.Guarded(app.Services)).WithDisplayName(route.Path);
        }
    }
}
