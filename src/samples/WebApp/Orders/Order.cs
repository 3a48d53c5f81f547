namespace WebApp.Orders;

/// <summary>An order as the API tells it.</summary>
internal sealed record Order(int Number, string Item, int Quantity, string PlacedBy, string PlacedThrough);
